package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.deploy.display.Invocation;
import io.ketju.deploy.display.Terminal;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ketju new}: a folder to begin from. */
@Command(
        name = "new",
        description =
                "Write a small project to begin from: a job file that trains at once, a note on its data, and what to do next.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = {"  ketju new flowers", "  ketju train flowers/job.conf"})
final class NewCommand implements Callable<Integer> {
    private static final List<String> FILES = List.of("job.conf", "DATA.md", "README.md");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** What templates have in place of the project and of the command by which Ketju is called. */
    private static final Pattern MARK = Pattern.compile("NAME|KETJU");

    private final Terminal terminal;

    @Parameters(
            paramLabel = "NAME",
            description = "Name of the project and its folder: letters, digits, '-', '_' and '.'.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private String name;

    NewCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidJobException(
                    "project: expected a name of letters, digits, '-', '_' and '.', found '" + Excerpt.of(name) + "'");
        }
        Path folder = Path.of(name);
        Invocation called = Invocation.ofProcess();
        try {
            Files.createDirectory(folder);
            for (String file : FILES) {
                Files.writeString(folder.resolve(file), filled(template(file), called.of()));
            }
        } catch (FileAlreadyExistsException e) {
            throw new InvalidJobException(
                    folder + ": expected no file or folder of this name, found one; choose another");
        } catch (IOException e) {
            throw new InvalidJobException(folder + ": expected a folder that can be written, found " + e.getMessage());
        }
        terminal.printText(List.of(
                "Wrote " + folder.resolve("job.conf") + ", " + folder.resolve("DATA.md") + " and "
                        + folder.resolve("README.md") + ".",
                "Train it with: " + called.of("train", folder.resolve("job.conf"))));
        return CommandLineInterface.OK;
    }

    /** A project may have the name of either mark: neither is looked for in what was put in. */
    private String filled(String template, String called) {
        return MARK.matcher(template)
                .replaceAll(mark -> Matcher.quoteReplacement(mark.group().equals("NAME") ? name : called));
    }

    private static String template(String file) throws IOException {
        try (InputStream text =
                Objects.requireNonNull(NewCommand.class.getResourceAsStream("/new-project/" + file), file)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
