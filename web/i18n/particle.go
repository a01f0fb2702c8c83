package i18n

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Particle is a Korean particle that depends on how the word before it ends.
type Particle struct{ afterConsonant, afterVowel string }

// The particles.
var (
	Object  = Particle{"을", "를"}
	Topic   = Particle{"은", "는"}
	Subject = Particle{"이", "가"}
	With    = Particle{"과", "와"}
	Toward  = Particle{"으로", "로"} // after ㄹ the short form
)

// Join puts the right form of the particle after a word: Object.Join("합성곱") is 합성곱을, Toward.Join("softmax") softmax로.
// A word in brackets at the end is skipped: 병목(bottleneck)을. Latin letters and digits go by how Koreans read them.
func (p Particle) Join(word string) string { return word + p.After(word) }

// After gives the form that follows a word.
func (p Particle) After(word string) string {
	final, l := ending(word)
	if !final || l && p == Toward {
		return p.afterVowel
	}
	return p.afterConsonant
}

// ending says whether a word ends in a consonant when read aloud, and whether that consonant is ㄹ.
func ending(word string) (final, l bool) {
	depth := 0
	for len(word) > 0 {
		r, n := utf8.DecodeLastRuneInString(word)
		word = word[:len(word)-n]
		switch {
		case r == ')':
			depth++
		case r == '(':
			depth--
		case depth > 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%' && r != '×':
		case r >= '가' && r <= '힣':
			coda := (r - '가') % 28
			return coda != 0, coda == 8
		case unicode.IsDigit(r):
			return digitEnding(r)
		default:
			return letterEnding(unicode.ToLower(r), word)
		}
	}
	return false, false
}

// digitEnding reads digits as 영 일 이 삼 사 오 육 칠 팔 구; a number that ends in zeros (십, 백, 천, 만) ends in a
// consonant just as 영 does.
func digitEnding(r rune) (final, l bool) {
	switch r {
	case '1', '7', '8':
		return true, true
	case '0', '3', '6':
		return true, false
	}
	return false, false
}

// letterEnding goes by how Koreans transcribe the names and terms that occur here: ResNet 레스넷, block 블록, map 맵, channel 채널,
// padding 패딩, module 모듈, plane 플레인 end in a consonant; stride 스트라이드, network 네트워크, softmax 소프트맥스, VGG 브이지지 in a vowel.
func letterEnding(r rune, before string) (final, l bool) {
	prev, _ := utf8.DecodeLastRuneInString(before)
	prev = unicode.ToLower(prev)
	switch r {
	case 'l':
		return true, true
	case 'm', 'n':
		return true, false
	case 'g':
		return prev == 'n', false
	case 'k':
		return prev == 'c', false
	case 't', 'p', 'c', 'b':
		return strings.ContainsRune("aeiou", prev), false
	case 'e':
		return strings.ContainsRune("lmnp", prev), prev == 'l'
	}
	return false, false
}
