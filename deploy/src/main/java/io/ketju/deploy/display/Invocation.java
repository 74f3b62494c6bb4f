package io.ketju.deploy.display;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Commands that can be typed as they are shown: they begin with the name by which this process was called, and what a
 * shell would take apart or replace is quoted.
 *
 * @param command how the shell finds Ketju from the working directory
 */
public record Invocation(String command) {
    /** The launcher says how it was called. */
    public static final String PROPERTY = "ketju.command";

    private static final String DEFAULT = "./ketju";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /** How this process was called. */
    public static Invocation ofProcess() {
        return new Invocation(System.getProperty(PROPERTY, DEFAULT));
    }

    /** The command line with these arguments. */
    public String of(Object... arguments) {
        return of(Stream.of(arguments).map(Object::toString).toList());
    }

    /** The command line with these arguments. */
    public String of(List<String> arguments) {
        return Stream.concat(Stream.of(command), arguments.stream())
                .map(Invocation::quoted)
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
