package io.ketju.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearWordTest {
    @Test
    void theFewestEditsWinAndThenTheOrder() {
        assertThat(NearWord.of("digist", List.of("digits-segments", "digits"))).contains("digits");
        assertThat(NearWord.of("run-9", List.of("run-2", "run-1", "rub-3"))).contains("run-1");
        assertThat(NearWord.of("MNITS", List.of("iris", "Mnist"))).contains("Mnist");
    }

    @Test
    void nearIsTwoEditsOrAThirdOfTheWord() {
        assertThat(NearWord.of("abcd", List.of("abcdef"))).contains("abcdef");
        assertThat(NearWord.of("abcd", List.of("abcdefg"))).isEmpty();
        assertThat(NearWord.of("mlp-digits", List.of("mlp-digits.conf"))).contains("mlp-digits.conf");
        assertThat(NearWord.of("lp-digits", List.of("mlp-digits.conf"))).isEmpty();
    }

    @Test
    void ofAShortWordHalfTheLettersStay() {
        assertThat(NearWord.of("ab", List.of("abc"))).contains("abc");
        assertThat(NearWord.of("ab", List.of("abcd"))).isEmpty();
        assertThat(NearWord.of("ab", List.of("xy"))).isEmpty();
    }

    @Test
    void whatNoMessageQuotesIsNotCompared() {
        String longest = "a".repeat(Excerpt.LENGTH);
        assertThat(NearWord.of(longest, List.of(longest))).contains(longest);
        assertThat(NearWord.of(longest + "a", List.of(longest))).isEmpty();
    }

    @Test
    void theHintIsAQuestion() {
        assertThat(NearWord.hint(Optional.of("iris"))).isEqualTo("; did you mean 'iris'?");
        assertThat(NearWord.hint(Optional.empty())).isEmpty();
    }
}
