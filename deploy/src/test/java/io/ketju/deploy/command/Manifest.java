package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A part of a manifest of Kubernetes, with where it is.
 *
 * @param value a map, a list or a plain value
 */
record Manifest(String place, Object value) {
    /** All documents of all files of the folder {@code kubernetes}. */
    static List<Manifest> all() {
        List<Manifest> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(root().resolve("kubernetes"))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                try (Reader text = Files.newBufferedReader(file)) {
                    for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
                        found.add(new Manifest(String.valueOf(file.getFileName()), document));
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one of a kind and a name. */
    static Manifest of(String kind, String name) {
        return all().stream()
                .filter(one -> one.text("kind").equals(kind)
                        && one.at("metadata").text("name").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    /** What is there, by keys and numbers of elements. */
    Manifest at(Object... path) {
        Manifest here = this;
        for (Object step : path) {
            Object next = step instanceof Integer number
                    ? here.list().get(number).value()
                    : here.map().get(String.valueOf(step));
            String there = here.place + "." + step;
            here = new Manifest(there, Objects.requireNonNull(next, () -> there + ": nothing is there"));
        }
        return here;
    }

    boolean has(String key) {
        return map().containsKey(key);
    }

    String text(Object... path) {
        return String.valueOf(at(path).value());
    }

    int number(Object... path) {
        return Integer.parseInt(text(path));
    }

    List<Manifest> list(Object... path) {
        Manifest here = at(path);
        assertThat(here.value()).as(here.place).isInstanceOf(List.class);
        List<Manifest> elements = new ArrayList<>();
        for (Object element : (List<?>) here.value()) {
            elements.add(new Manifest(here.place + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    List<String> texts(Object... path) {
        return list(path).stream().map(one -> String.valueOf(one.value())).toList();
    }

    /** The element of a list that has a name. */
    Manifest named(String name, Object... path) {
        return list(path).stream()
                .filter(one -> one.text("name").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(at(path).place + ": no " + name));
    }

    Map<?, ?> map() {
        assertThat(value).as(place).isInstanceOf(Map.class);
        return (Map<?, ?>) value;
    }

    /** The folder of the repository. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("ketju"))) {
            folder = Objects.requireNonNull(folder.getParent(), "within the repository");
        }
        return folder;
    }
}
