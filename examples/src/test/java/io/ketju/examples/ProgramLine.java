package io.ketju.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a page that calls a program which is not Ketju itself, but is given something of Ketju.
 *
 * @param page where
 * @param text of that page
 * @param program its name, without the folder if that is the system's
 * @param words behind the name
 */
record ProgramLine(String page, String text, String program, List<String> words) {
    private static final Set<String> PROGRAMS = Set.of(
            "mvn",
            "docker",
            "npm",
            "apt-get",
            "python",
            "python3",
            "unzip",
            "jfr",
            "kubectl",
            "tensorboard",
            "benchmarks/run",
            "dist/reproducible",
            "examples/projects/build");

    /** Behind a prompt and variables. */
    private static final Pattern CALL = Pattern.compile(
            "(?:\\$ )?(?:\\w+=\\S+ )*(?:\\./|/usr/bin/)?(?<program>[\\w./-]+)(?: (?<rest>.*))?", Pattern.DOTALL);

    private static final Pattern IN_PROSE = Pattern.compile("`([^`]+)`");

    /** Explanations behind a command that begin with no {@code #}. */
    private static final Pattern EXPLAINED = Pattern.compile(" {3,}.*", Pattern.DOTALL);

    ProgramLine {
        words = List.copyOf(words);
    }

    static List<ProgramLine> of(String page, String text) {
        List<ProgramLine> found = new ArrayList<>();
        for (MatchResult block : PageCommand.BLOCK.matcher(text).results().toList()) {
            if (block.group("kind").isEmpty()) {
                for (String line : block.group("lines").replace("\\\n", "").split("\\n *", -1)) {
                    add(page, text, line, found);
                }
            }
        }
        IN_PROSE.matcher(PageCommand.BLOCK.matcher(text).replaceAll(""))
                .results()
                .filter(span -> span.group(1).contains(" ")) // a name alone is no command
                .forEach(span -> add(page, text, span.group(1).replace('\n', ' '), found));
        return found;
    }

    private static void add(String page, String text, String line, List<ProgramLine> found) {
        // The table of what was proven says once how all of its commands begin.
        String whole = line.startsWith("-pl ") ? "mvn -am test -Dsurefire.failIfNoSpecifiedTests=false " + line : line;
        for (String command : whole.split(" && ", -1)) {
            Matcher call = CALL.matcher(command);
            if (call.matches() && PROGRAMS.contains(call.group("program"))) {
                String rest = call.group("rest") == null ? "" : call.group("rest");
                found.add(new ProgramLine(
                        page,
                        text,
                        call.group("program"),
                        PageCommand.words(EXPLAINED.matcher(rest).replaceAll(""))));
            }
        }
    }

    @Override
    public String toString() {
        return page + ": " + program + " " + words;
    }
}
