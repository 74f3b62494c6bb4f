package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.data.Texts;
import io.ketju.data.text.BytePairTokenizer.Merge;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final String HUGS =
            "low low low low low lower lower newest newest newest newest newest newest" + " widest widest widest";

    @Test
    void charactersAreCodePointsAndJoinToTheText() {
        CharacterTokenizer characters = new CharacterTokenizer();
        assertThat(characters.split("né 𝄞\n")).containsExactly("n", "é", " ", "𝄞", "\n");
        assertThat(characters.join(characters.split("né 𝄞\n"))).isEqualTo("né 𝄞\n");
        assertThat(characters.split("")).isEmpty();
    }

    @Test
    void wordsKeepApostrophesAndHyphensAndLeaveMarksAlone() {
        WordTokenizer words = new WordTokenizer(true);
        assertThat(words.split("Don't stop, old-time Nell!  (He said.)"))
                .containsExactly("don't", "stop", ",", "old-time", "nell", "!", "(", "he", "said", ".", ")");
        assertThat(words.join(List.of("don't", "stop", ",", "(", "he", "said", ".", ")", "now")))
                .isEqualTo("don't stop, (he said.) now");
        assertThat(new WordTokenizer(false).split("Über 30 Äpfel")).containsExactly("Über", "30", "Äpfel");
        assertThat(words.split(" \n ")).isEmpty();
    }

    /** The worked example of Sennrich, Haddow and Birch 2016, with the space before a word as its mark. */
    @Test
    void mergesAreTheMostFrequentPairsFirstByLetterAmongEquals() {
        List<Merge> merges = BytePairTokenizer.learn(HUGS, 5).merges();
        assertThat(merges)
                .containsExactly(
                        new Merge("e", "s"),
                        new Merge("es", "t"),
                        new Merge("l", "o"),
                        new Merge("lo", "w"),
                        new Merge(" ", "low"));
        assertThat(BytePairTokenizer.learn(HUGS, 5).split(" lowest low")).containsExactly(" low", "est", " low");
    }

    @Test
    void aPairThatComesOnceIsNotMerged() {
        assertThat(BytePairTokenizer.learn("abc", 10).merges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a  b\n\n c", "  lead", "trail  ", "It's 1,841 — né?", "𝄞𝄞"})
    void piecesJoinToTheText(String text) {
        BytePairTokenizer learnt = BytePairTokenizer.learn(HUGS + text.repeat(3), 20);
        assertThat(learnt.join(learnt.split(text))).isEqualTo(text);
    }

    /** Counting anew after each merge, as the paper's own program does, on a real text. */
    @Test
    void learningGivesWhatPlainCountingGives() {
        String text = Texts.find("dickens").substring(0, 20_000);
        assertThat(BytePairTokenizer.learn(text, 60).merges()).isEqualTo(PlainBytePairs.learn(text, 60));
    }

    @Test
    void theMostFrequentTokensHaveTheSmallestNumbersBehindTheSpecialOnes() {
        Vocabulary vocabulary = Vocabulary.of(List.of("b", "a", "c", "c", "b", "c", "d"), 1);
        assertThat(vocabulary.words()).containsExactly("c", "b", "a", "d");
        assertThat(vocabulary.size()).isEqualTo(8);
        assertThat(vocabulary.number("c")).isEqualTo(4);
        assertThat(vocabulary.number("x")).isEqualTo(Vocabulary.NUL);
        assertThat(vocabulary.token(0)).isEqualTo("<PAD>");
        assertThat(Vocabulary.of(List.of("b", "a", "c", "c", "b"), 2).words()).containsExactly("b", "c");
    }

    @Test
    void decodingEndsAtTheEndAndLeavesPaddingOut() {
        TextEncoding encoding = TextEncoding.of(new CharacterTokenizer(), "aab", 1);
        assertThat(encoding.encode("abz")).containsExactly(4, 5, Vocabulary.NUL);
        assertThat(encoding.decode(1, 4, 5, 0, 5, 2, 4)).isEqualTo("abb");
    }
}
