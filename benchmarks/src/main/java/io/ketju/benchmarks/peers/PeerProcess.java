package io.ketju.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Another process that measures work when told to, one line at a time; it does nothing between two lines, so that it is
 * in nobody's way. Requests and answers:
 *
 * <pre>
 * about                          ok TEXT          who answers: versions, libraries
 * threads N                      ok               compute threads from now on
 * open ID NAME KEY=NUMBER ...    ok | no REASON   makes the operands of one piece of work
 * run ID NANOS wall|cpu          ok RATE          calls per second, over about that time
 * check ID CALLS                 ok SUM SUM       results of so many calls on fresh operands, as a Fingerprint
 * close ID                       ok               forgets it
 * </pre>
 *
 * <p>An answer {@code error TEXT} is an exception here. The process ends when its input does.
 */
public final class PeerProcess implements AutoCloseable {
    private final String name;
    private final Process process;
    private final PrintWriter requests;
    private final BufferedReader answers;
    private int opened;

    /** Starts it; environment is added to this process's own. What it says on its standard error is passed on. */
    public PeerProcess(String name, List<String> command, Map<String, String> environment) throws IOException {
        this.name = name;
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        requests = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** As tables call it. */
    public String name() {
        return name;
    }

    /** Versions, libraries and threads. */
    public String about() {
        return ask("about");
    }

    /** Compute threads of all work from now on. */
    public void threads(int count) {
        ask("threads " + count);
    }

    /** Makes the operands of a piece of work; nothing if this peer does not have it. */
    public Optional<PeerWork> open(WorkSpec spec) {
        int id = ++opened;
        String answer = request("open " + id + " " + spec.text());
        if (answer.startsWith("no")) {
            return Optional.empty();
        }
        accepted("open " + spec.text(), answer);
        return Optional.of(new PeerWork(this, id));
    }

    /** One request in the words of the protocol; the answer without its {@code ok}. */
    public String ask(String line) {
        return accepted(line, request(line));
    }

    private synchronized String request(String line) {
        requests.println(line);
        requests.flush();
        try {
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException(name + " ended at '" + line + "'");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read after '" + line + "'", e);
        }
    }

    private String accepted(String line, String answer) {
        if (answer.equals("ok")) {
            return "";
        }
        if (!answer.startsWith("ok ")) {
            throw new IllegalStateException(name + " at '" + line + "': " + answer);
        }
        return answer.substring(3);
    }

    /** Ends the process. */
    @Override
    public void close() {
        requests.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
