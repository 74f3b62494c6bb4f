package io.ketju.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Page;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages of the examples say that a run prints, it prints, to the last digit: so does every machine. Those that take
 * longer run with the long tests; {@code ketju example all --pages examples} writes all of them anew.
 */
class ExamplePagesTest {
    /** The pages lie in the folder of this module. */
    private static final Path PAGES = Path.of("").toAbsolutePath();

    @TempDir
    Path folder;

    static Stream<String> quick() {
        return Examples.ALL.stream().filter(Example::quick).map(Example::name);
    }

    static Stream<String> longer() {
        return Examples.ALL.stream().filter(example -> !example.quick()).map(Example::name);
    }

    static Stream<String> all() {
        return Stream.concat(quick(), longer());
    }

    @ParameterizedTest
    @MethodSource("quick")
    void quickExamplesPrintWhatTheirPagesSay(String name) {
        requireOutputOfPage(name);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("longer")
    void longerExamplesPrintWhatTheirPagesSay(String name) {
        requireOutputOfPage(name);
    }

    @ParameterizedTest
    @MethodSource("all")
    void pagesNameTheirCommandAndProgramAndTheirPicturesAreThere(String name) {
        Example example = Examples.named(name);
        Page page = Page.read(PAGES, example);
        String program = "](../src/main/java/" + example.getClass().getName().replace('.', '/') + ".java)";
        assertThat(page.text()).contains("./ketju example " + name).contains(program);
        assertThat(page.pictures()).isNotEmpty();
        assertThat(page.pictures())
                .allSatisfy(picture ->
                        assertThat(page.file().resolveSibling(picture)).isNotEmptyFile());
    }

    private void requireOutputOfPage(String name) {
        Example example = Examples.named(name);
        Page page = Page.read(PAGES, example);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Lesson lesson = new Lesson(folder, false, new PrintStream(printed, false, StandardCharsets.UTF_8));
        example.run(lesson);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .as(page.file().toString())
                .isEqualTo(page.output(false));
        List<String> drawn =
                lesson.pictures().stream().map(file -> file + ".png").toList();
        assertThat(drawn).as("pictures of " + name).containsAll(page.pictures(false));
    }
}
