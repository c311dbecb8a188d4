package content

import (
	"strings"
	"unicode"
)

// The words by which a label ("Recommendation 3:") or a heading ("Conclusions and recommendations") tells the kind, in
// English, French, Spanish, German, Portuguese, Italian, Russian, Arabic and Turkish. A heading tells questions only in
// the plural: "The question of Palestine" asks nothing.
var (
	recommendationWords = wordSet(`recommendation recommandation recomendación recomendacion recomendação raccomandazione
		empfehlung рекомендация توصية التوصية tavsiye öneri`)
	recommendationsWords = wordSet(`recommendations recommandations recomendaciones recomendações raccomandazioni
		empfehlungen рекомендации рекомендаций توصيات التوصيات tavsiyeler öneriler`)
	conclusionWords = wordSet(`conclusion conclusión conclusão conclusione schlussfolgerung вывод заключение
		استنتاج الاستنتاج sonuç`)
	conclusionsWords = wordSet(`conclusions conclusiones conclusões conclusioni schlussfolgerungen выводы заключения
		استنتاجات الاستنتاجات sonuçlar`)
	questionWords  = wordSet(`question pregunta pergunta questão domanda quesito frage вопрос سؤال السؤال soru`)
	questionsWords = wordSet(`questions preguntas perguntas questões domande quesiti fragen вопросы أسئلة الأسئلة sorular`)
)

// wordSet makes a set of the words between the blanks.
func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// toldByLabel returns the kind that the word of a label names, or "".
func toldByLabel(word string) Kind {
	switch w := strings.ToLower(word); {
	case recommendationWords[w]:
		return Recommendation
	case conclusionWords[w]:
		return Conclusion
	case questionWords[w]:
		return Panel
	}
	return ""
}

// toldByHeading returns the kind that a heading's words tell, or "". Recommendations go before conclusions and these
// before questions, for in "Conclusions and recommendations" it is the recommendations that are numbered.
func toldByHeading(heading string) Kind {
	var conclusion, question bool
	for w := range strings.FieldsFuncSeq(strings.ToLower(heading), notInWord) {
		if recommendationWords[w] || recommendationsWords[w] {
			return Recommendation
		}
		conclusion = conclusion || conclusionWords[w] || conclusionsWords[w]
		question = question || questionsWords[w]
	}
	switch {
	case conclusion:
		return Conclusion
	case question:
		return Panel
	}
	return ""
}

func notInWord(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) }
