package io.ketju.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.image.KnownImages;
import io.ketju.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputProfileTest {
    @TempDir
    private Path folder;

    @Test
    void ofImagesItReadsBackEqual() throws IOException {
        InputProfile digits = InputProfile.of(Datasets.named("digits").train());
        assertThat(digits.normalization()).contains(KnownImages.DIGITS.normalization());
        assertThat(digits.classNames()).hasSize(10);
        float black = KnownImages.DIGITS.normalization().apply(0, 16);
        float white = KnownImages.DIGITS.normalization().apply(16, 16);
        assertThat(digits.range()).contains(new ValueRange(black, white));
        digits.write(folder);
        assertThat(InputProfile.read(folder)).contains(digits);
    }

    @Test
    void ofOtherSamplesItKnowsTheRangeAlone() throws IOException {
        ArrayDataset samples = new ArrayDataset("s", Shape.of(2), new float[] {1, Float.NaN, -3, 2}, new int[] {0, 1});
        InputProfile profile = InputProfile.of(samples);
        assertThat(profile)
                .isEqualTo(new InputProfile(
                        Shape.of(2),
                        Optional.of(new ValueRange(-3, 2)),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
        profile.write(folder);
        assertThat(InputProfile.read(folder)).contains(profile);
    }

    @Test
    void aFolderWithoutOneHasNone() {
        assertThat(InputProfile.read(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"format\":2,\"shape\":[1],\"classNames\":[]}",
                "{\"format\":1,\"shape\":[1],\"classNames\":[3]}",
                "{\"format\":1,\"shape\":[-1],\"classNames\":[]}",
                "{\"format\":1,\"shape\":[1],\"classNames\":[],\"mean\":0,\"std\":0}",
                "{\"format\":1,\"shape\":[1],\"classNames\":[],\"minimum\":\"x\"}",
                "{\"format\":1,\"shape\":[1],\"classNames\":[]} {",
                "{\"format\":1,\"shape\":[1"
            })
    void damageIsOneLine(String content) throws IOException {
        Files.writeString(folder.resolve(InputProfile.FILE), content);
        assertThatThrownBy(() -> InputProfile.read(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(InputProfile.FILE)
                .hasMessageNotContaining("\n");
    }

    @Test
    void farIsFartherOutsideThanTheRangeIsWide() {
        ValueRange range = new ValueRange(-1, 2);
        assertThat(range.isFarFrom(5)).isFalse();
        assertThat(range.isFarFrom(-4)).isFalse();
        assertThat(range.isFarFrom(5.1f)).isTrue();
        assertThat(range.isFarFrom(-4.1f)).isTrue();
        assertThat(range.isFarFrom(Float.NaN)).isTrue();
        assertThat(new ValueRange(0, 0).isFarFrom(1)).isFalse();
        assertThat(new ValueRange(0, 0).isFarFrom(2)).isTrue();
    }
}
