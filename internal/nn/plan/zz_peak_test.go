package plan
import ("testing";"fmt";"time";"stride/internal/nn/kernel/nchwc";"os")
func TestZZPeak(t *testing.T){ if os.Getenv("PK")=="" {t.Skip()}
 for i:=0;i<4;i++{ fmt.Printf("%.0f %.0f\n", nchwc.Peak(nchwc.Best(),1,200*time.Millisecond)/1e9, nchwc.Peak(nchwc.Best(),2,200*time.Millisecond)/1e9)}}
