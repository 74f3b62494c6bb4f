package io.ketju.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddedTablesTest {
    private static final EmbeddedFiles FILES = new EmbeddedFiles(EmbeddedTablesTest.class.getClassLoader());

    @ParameterizedTest
    @CsvSource({
        "iris, 120, 30, 4, 3",
        "wine, 142, 36, 13, 3",
        "breast-cancer, 455, 114, 30, 2",
        "diabetes, 353, 89, 11, 0",
        "penguins, 266, 67, 11, 0"
    })
    void everyTableHasItsSizesAndClasses(String name, int train, int test, int width, int classes) {
        TrainTest data = Datasets.named(name);
        assertThat(data.train().size()).isEqualTo(train);
        assertThat(data.test().size()).isEqualTo(test);
        assertThat(data.train().inputShape().elements()).isEqualTo(width);
        assertThat(data.train().classes()).isEqualTo(classes);
        assertThat(Datasets.NAMES).contains(name);
    }

    @ParameterizedTest
    @EnumSource
    void everyTableHasItsLicenceBesideIt(EmbeddedTables table) throws IOException {
        String id = table.read(FILES).train().name().replace("/train", "");
        try (InputStream licence = FILES.open(id, "LICENSE.txt")) {
            assertThat(new String(licence.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .startsWith(id + ".csv: ");
        }
    }

    @Test
    void damagedContentIsNamedWithBothHashes() {
        assertThatThrownBy(() -> FILES.text("iris", "iris.csv", "00"))
                .isInstanceOf(BadDataException.class)
                .hasMessage("embedded iris/iris.csv: expected content with SHA-256 00, found "
                        + "b6b8efc86732bc48c9fbddba53e2c191fd4f263c0ee98e2b1b7d3543e8d2121d (damaged jar?)");
    }

    @Test
    void speciesAreWords() {
        Dataset iris = Objects.requireNonNull(Datasets.named("iris").train());
        assertThat(iris.classNames()).containsExactly("setosa", "versicolor", "virginica");
    }
}
