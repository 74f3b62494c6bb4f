package io.ketju.layers.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Blocks;
import io.ketju.layers.spec.Description;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages in {@code docs} are what the code says. */
class CataloguePageTest {
    private static final Path DOCS = Path.of("..", "docs");

    static List<Catalogue> catalogues() {
        return Stream.concat(Catalogue.ALL.stream(), Stream.of(Blocks.CATALOGUE))
                .toList();
    }

    static List<Description> descriptions() {
        return catalogues().stream()
                .flatMap(catalogue -> catalogue.descriptions().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("catalogues")
    void pageIsWhatTheCodeSays(Catalogue catalogue) throws IOException {
        Path page = DOCS.resolve(catalogue.name() + ".md");
        assertThat(Files.exists(page) ? Files.readAllLines(page) : List.of())
                .as("make it anew: ./ketju %s --markdown > docs/%s", catalogue.name(), page.getFileName())
                .isEqualTo(CataloguePage.of(catalogue));
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void everyEntrySaysWhatItIs(Description description) {
        assertThat(description.summary()).isNotBlank().doesNotEndWith(".").hasSizeLessThan(100);
        assertThat(description.arguments())
                .allSatisfy(
                        argument -> assertThat(argument.about()).isNotBlank().doesNotEndWith("."));
        assertThat(description.formula() + description.shapes()).isNotBlank();
        assertThat(description.signature()).startsWith(description.name() + "(");
    }
}
