package io.ketju.examples.samebits;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of Ketju, run as it is typed.
 *
 * @param accuracy on the test samples, as it was printed
 * @param state the beginning of the SHA-256 of all parameters and optimizer state
 * @param losses mean training loss of every epoch
 */
record CommandRun(String accuracy, String state, List<Double> losses) {
    private static final Pattern ACCURACY = Pattern.compile("test accuracy ([0-9.]+ %)");
    private static final Pattern STATE = Pattern.compile("state +([0-9a-f]{16})");

    CommandRun {
        losses = List.copyOf(losses);
    }

    /** Runs a command on {@code job.conf} in a folder, and keeps the run beside it. */
    static CommandRun of(Path folder, String command) {
        Path run = folder.resolve(command.replaceAll("\\W+", "-"));
        List<String> arguments = new ArrayList<>();
        for (String word : command.split(" ", -1)) {
            arguments.add(word.equals("job.conf") ? folder.resolve(word).toString() : word);
        }
        arguments.addAll(List.of("--run-dir", run.toString(), "--plain"));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int exitCode = CommandLineInterface.execute(
                new Terminal(out, out, false, 100, true), arguments.toArray(String[]::new));
        String text = printed.toString(StandardCharsets.UTF_8);
        if (exitCode != CommandLineInterface.OK) {
            throw new IllegalStateException(command + " ended with exit code " + exitCode + ": " + text);
        }
        return new CommandRun(found(ACCURACY, text), found(STATE, text), losses(run.resolve("metrics.csv")));
    }

    double[] trainLosses() {
        return losses.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        String last = "";
        while (matcher.find()) {
            last = matcher.group(1);
        }
        return last;
    }

    /** From the rows of the epochs: step, epoch, phase, loss and more. */
    private static List<Double> losses(Path csv) {
        return SameBits.lines(csv).stream()
                .map(line -> List.of(line.split(",", -1)))
                .filter(row -> row.get(2).equals("train"))
                .map(row -> Double.valueOf(row.get(3)))
                .toList();
    }
}
