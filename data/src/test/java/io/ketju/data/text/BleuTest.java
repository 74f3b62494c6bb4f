package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BleuTest {
    private static final double TOLERANCE = 1e-12;

    private static List<List<String>> sentences(String... texts) {
        return Stream.of(texts)
                .map(text -> text.isEmpty() ? List.<String>of() : Arrays.asList(text.split(" ", -1)))
                .toList();
    }

    /** The paper's example 2: of seven the, two are in the reference. */
    @Test
    void wordsCountAtMostAsOftenAsInTheReference() {
        Bleu bleu = Bleu.of(sentences("the the the the the the the"), sentences("the cat is on the mat"));
        assertThat(bleu.precision(1)).isEqualTo(2 / 7.0);
        assertThat(bleu.precision(2)).isZero();
        assertThat(bleu.value()).isZero();
    }

    /** Values of nltk.translate.bleu_score.corpus_bleu, for sentences of at least four words: it counts an n-gram in shorter ones. */
    @Test
    void isThatOfTheField() {
        List<List<String>> told =
                sentences("the cat sat on the mat today", "and god said let there be light", "he went out there");
        List<List<String>> references = sentences(
                "the cat sat on a mat today",
                "and god said let there be light and there was light",
                "he went forth out of it");
        assertThat(Bleu.of(told, references).value()).isCloseTo(0.4857731101023326, within(TOLERANCE));
        assertThat(Bleu.of(told.subList(1, 2), references.subList(1, 2)).value())
                .isCloseTo(0.5647181220077593, within(TOLERANCE));
    }

    @Test
    void theSameTextIsPerfectAndAShortOneIsPunished() {
        List<List<String>> text = sentences("a b c d e", "f g h i");
        assertThat(Bleu.of(text, text).value()).isEqualTo(1);
        Bleu cut = Bleu.of(sentences("a b c d"), sentences("a b c d e f g h"));
        assertThat(cut.precision(4)).isEqualTo(1);
        assertThat(cut.value()).isEqualTo(Math.exp(-1));
        assertThat(Bleu.of(sentences(""), sentences("a")).value()).isZero();
    }

    @Test
    void referencesAreAsMany() {
        assertThatThrownBy(() -> Bleu.of(sentences("a", "b"), sentences("a")))
                .hasMessage("BLEU: expected as many references as translations, at least one, found 1 and 2");
    }
}
