// Package store keeps the bytes that visitors bring, for a while: pictures, mostly.
//
// It is no database and no cache: what was acknowledged stays readable until its time is up, a read yields exactly the
// acknowledged bytes or an error, and nothing is ever evicted to make room. Start reading at Store, then Open and Memory.
//
// # Privacy and safety
//
//   - A blob is reached by its ID, 128 random bits that nobody can guess; an unknown, foreign or expired ID is one and the
//     same ErrNotFound. IDs are capabilities: keep them out of logs.
//   - Equal bytes are stored once, under a digest that is keyed (HMAC-SHA256) per class, so that nobody can test whether a
//     given picture was uploaded. Digests stay inside the server.
//   - Owners (session ids) are stored only as a keyed digest. File names are not stored at all.
//   - Every blob has an end, at most MaxTTL after it came. Delete and DeleteOwner remove at once; Sweep removes what is due
//     and Janitor sweeps in the background.
//   - The directory is reached through os.Root: no name can lead out of it. Files are written under a temporary name,
//     synced, renamed, and the directory synced; the digest is verified at every read.
//   - Quotas: bytes per owner, bytes in total. A full disk, a read-only disk and an I/O error are ErrFull at Put and leave
//     what was there as it was.
package store
