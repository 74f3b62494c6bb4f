package io.ketju.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a call of Maven names is there: modules, profiles, goals, properties, and tests that such a call would run. */
final class MavenLine {
    private static final Set<String> FLAGS = Set.of("-q", "-B", "-ntp", "-am");
    private static final Set<String> PHASES = Set.of("compile", "test", "package", "verify", "install");

    /** Of Maven and its plugins. */
    private static final Set<String> PROPERTIES = Set.of(
            "maven.test.skip",
            "skipTests",
            "surefire.failIfNoSpecifiedTests",
            "groups",
            "excludedGroups",
            "maven.repo.local");

    private static final Pattern SELECTOR = Pattern.compile("(?<name>[\\w*]+)(?:#(?<method>[\\w*]+))?");
    private static final Pattern PROPERTY = Pattern.compile("-D(?<name>[\\w.]+)(?:=(?<value>.*))?");
    private static final Pattern TEST =
            Pattern.compile("@(?:Test|ParameterizedTest|TestFactory|FuzzTest|RepeatedTest)\\b");

    /** As sources are formatted: a declaration stands in by four blanks, annotations and words on it are right above. */
    private static final Pattern METHOD = Pattern.compile("^    (?:[\\w<>, ]+ )?(?<name>\\w+)\\(", Pattern.MULTILINE);

    private static final String LONG = "@Tag(\"long\")";

    private final ProgramLine line;
    private final Map<String, String> properties = new TreeMap<>();
    private final List<String> modules = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    private MavenLine(ProgramLine line) {
        this.line = line;
    }

    /** What is wrong with it; empty: nothing. */
    static List<String> mistakes(ProgramLine line) {
        MavenLine maven = new MavenLine(line);
        maven.read();
        maven.checkTests();
        return maven.wrong;
    }

    private void read() {
        for (int i = 0; i < line.words().size(); i++) {
            String word = line.words().get(i);
            Matcher property = PROPERTY.matcher(word);
            if (word.equals("-pl") && i + 1 < line.words().size()) {
                i++;
                modules.addAll(List.of(line.words().get(i).split(",", -1)));
            } else if (property.matches()) {
                property(property.group("name"), property.group("value"));
            } else if (word.startsWith("-P")) {
                require(
                        RepositoryTexts.POMS.values().stream()
                                .anyMatch(pom -> pom.contains("<id>" + word.substring(2) + "</id>")),
                        word);
            } else if (word.contains(":")) {
                String plugin = "<artifactId>" + word.split(":", -1)[0] + "-maven-plugin</artifactId>";
                require(line.text().contains(plugin) || RepositoryTexts.build().contains(plugin), word);
            } else {
                require(FLAGS.contains(word) || PHASES.contains(word) || isPlaceholder(word), word);
            }
        }
        modules.removeIf(MavenLine::isPlaceholder);
        modules.forEach(module -> require(RepositoryTexts.POMS.containsKey(module.replace("!", "")), "-pl " + module));
    }

    private void property(String name, String value) {
        properties.put(name, value == null ? "" : value);
        require(name.equals("test") || PROPERTIES.contains(name) || isOwnProperty(name), "-D" + name);
    }

    /** Whether the build or a test reads it. */
    static boolean isOwnProperty(String name) {
        return name.startsWith("ketju.")
                && (RepositoryTexts.SOURCES.values().stream().anyMatch(source -> source.contains('"' + name + '"'))
                        || RepositoryTexts.POMS.values().stream()
                                .anyMatch(pom -> pom.contains("<name>" + name + "</name>")));
    }

    private void checkTests() {
        String tests = properties.getOrDefault("test", "");
        if (tests.isEmpty() || isPlaceholder(tests)) {
            return;
        }
        require(
                modules.isEmpty()
                        || !line.words().contains("-am")
                        || "false".equals(properties.get("surefire.failIfNoSpecifiedTests")),
                "modules without such a test fail: -Dsurefire.failIfNoSpecifiedTests=false is missing");
        boolean longToo = "none".equals(properties.get("excludedGroups"));
        for (String selector : tests.split(",", -1)) {
            Matcher parts = SELECTOR.matcher(selector);
            require(parts.matches() && runs(parts.group("name"), parts.group("method"), longToo), "-Dtest=" + selector);
        }
    }

    /** Whether some test of the modules has the name, and is not left out as a long one. */
    private boolean runs(String name, String method, boolean longToo) {
        Pattern file = glob(name);
        return RepositoryTexts.SOURCES.entrySet().stream()
                .filter(source -> file.matcher(simpleName(source.getKey())).matches())
                .filter(source -> modules.isEmpty()
                        || modules.stream().anyMatch(module -> source.getKey().startsWith(module + "/src/test/")))
                .anyMatch(source -> hasTest(source.getValue(), method == null ? "*" : method, longToo));
    }

    private static boolean hasTest(String source, String method, boolean longToo) {
        String head = source.substring(0, source.indexOf('{'));
        return METHOD.matcher(source).results().anyMatch(declared -> {
            String before = source.substring(source.lastIndexOf("\n\n", declared.start()) + 1, declared.start());
            return TEST.matcher(before).find()
                    && glob(method).matcher(declared.group("name")).matches()
                    && (longToo || !(head + before).contains(LONG));
        });
    }

    private static Pattern glob(String text) {
        return Pattern.compile(text.replace("*", "\\w*"));
    }

    private static String simpleName(String file) {
        return file.substring(file.lastIndexOf('/') + 1).replace(".java", "");
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            wrong.add(what);
        }
    }

    /** Capitals, which a reader replaces. */
    private static boolean isPlaceholder(String word) {
        return word.matches("[A-Z]+|\\.\\.\\.");
    }
}
