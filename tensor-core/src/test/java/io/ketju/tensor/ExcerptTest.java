package io.ketju.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void shortTextStaysAsItIs() {
        assertThat(Excerpt.of("Adam(lr=0.1)")).isEqualTo("Adam(lr=0.1)");
        assertThat(Excerpt.of("")).isEmpty();
        assertThat(Excerpt.of("ä€😀")).isEqualTo("ä€😀");
        assertThat(Excerpt.of("x".repeat(60))).isEqualTo("x".repeat(60));
    }

    @Test
    void longTextIsCut() {
        assertThat(Excerpt.of("x".repeat(61))).isEqualTo("x".repeat(57) + "...");
        assertThat(Excerpt.of("y".repeat(10_000_000))).hasSize(60);
        assertThat(Excerpt.of("x" + "😀".repeat(60))).hasSize(60).doesNotContain("\ud83d.");
        assertThat(Excerpt.of("xx" + "😀".repeat(60))).hasSizeLessThan(60).doesNotContain("\ud83d.");
    }

    @Test
    void whatIsInvisibleIsEscaped() {
        assertThat(Excerpt.of("a\nb\tc\u0000d\u001b[31m\u202eevil"))
                .isEqualTo("a\\nb\\tc\\u0000d\\u001b[31m\\u202eevil");
        assertThat(Excerpt.of("\u0000".repeat(1_000_000))).hasSize(60).startsWith("\\u0000\\u0000");
        assertThat(Excerpt.of("\u0000".repeat(20))).hasSize(60);
    }

    @Test
    void pathsAreNamedWhole() {
        String path = "/a-folder".repeat(100);
        assertThat(Excerpt.ofPath(path)).isEqualTo(path);
        assertThat(Excerpt.ofPath("/x".repeat(10_000))).hasSize(4096);
    }
}
