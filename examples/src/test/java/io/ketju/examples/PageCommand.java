package io.ketju.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line that a page shows.
 *
 * @param page where
 * @param typed whether it stands in a block, to be typed as it is; else in prose
 * @param words behind the name of the program, as a shell splits them
 */
record PageCommand(String page, boolean typed, List<String> words) {
    static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(?<kind>\\w*)\\n(?<lines>.*?)^ *```");

    private static final Pattern IN_PROSE = Pattern.compile("`(?:\\./)?ketju ([^`]+)`");

    /** Behind a prompt and variables, or wherever the program is called by its path: also in what a run prints. */
    private static final Pattern IN_BLOCK =
            Pattern.compile("^(?:\\$ )?(?:\\w+=\\S+ )*ketju (?=\\S)|(?:^|\\s)\\./ketju ");

    /** A quoted piece, or one without quotes: pieces without a space between them are one word. */
    private static final Pattern PIECE = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)|(\\s+)");

    private static final Pattern END_OF_COMMAND = Pattern.compile("#.*|[0-9]?>.*|\\||&&?|;");

    PageCommand {
        words = List.copyOf(words);
    }

    static List<PageCommand> of(String page, String text) {
        List<PageCommand> found = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            // Blocks of a kind are no shell, unless they call the program by its path.
            boolean shell = block.group("kind").isEmpty();
            for (String line : block.group("lines").replace("\\\n", "").split("\\n *", -1)) {
                Matcher start = IN_BLOCK.matcher(line);
                if (start.find() && (shell || start.group().contains("./"))) {
                    found.add(new PageCommand(page, true, words(line.substring(start.end()))));
                }
            }
        }
        IN_PROSE.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .forEach(span -> found.add(new PageCommand(page, false, words(span.group(1)))));
        return found;
    }

    /** As a shell splits a line, up to where the command ends. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        boolean goesOn = false;
        for (MatchResult piece : PIECE.matcher(line).results().toList()) {
            if (piece.group(4) != null) {
                goesOn = false;
                continue;
            }
            String plain = piece.group(3);
            if (plain != null && !goesOn && END_OF_COMMAND.matcher(plain).matches()) {
                break;
            }
            String part = plain != null ? plain : piece.group(1) != null ? piece.group(1) : piece.group(2);
            words.add(goesOn ? words.removeLast() + part : part);
            goesOn = true;
        }
        return words;
    }

    @Override
    public String toString() {
        return page + ": " + words;
    }
}
