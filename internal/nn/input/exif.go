package input

import "encoding/binary"

const (
	exifMagic      = "Exif\x00\x00" // starts the APP1 segment that holds EXIF
	exifBytes      = 64 << 10       // of the TIFF structure looked at; a JPEG segment cannot be longer
	exifEntries    = 200            // of the first directory looked at
	tagOrientation = 0x0112
	typeShort      = 3
)

// exifOrientation is the orientation tag of a TIFF structure (TIFF 6.0, section 8): 1…8, and 1 for whatever is absent,
// malformed or out of range. It reads the first directory only and follows no offset but the one to it: orientation is
// never stored deeper, so no loop can be built.
func exifOrientation(tiff []byte) int {
	tiff = tiff[:min(len(tiff), exifBytes)]
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	dir := tiff[at+2:]
	count := min(int(order.Uint16(tiff[at:])), exifEntries)
	for ; count > 0 && len(dir) >= 12; count-- {
		if order.Uint16(dir) == tagOrientation {
			v := order.Uint16(dir[8:])
			if order.Uint16(dir[2:]) == typeShort && order.Uint32(dir[4:]) == 1 && 1 <= v && v <= 8 {
				return int(v)
			}
			return 1
		}
		dir = dir[12:]
	}
	return 1
}
