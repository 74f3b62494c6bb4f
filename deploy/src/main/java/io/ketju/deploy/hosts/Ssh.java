package io.ketju.deploy.hosts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Commands on other hosts, by the {@code ssh} of this machine and as it is set up here. It never asks anybody, and notices a host that
 * is silent.
 *
 * @param config a file in place of the user's own, {@code ssh -F}
 */
record Ssh(Optional<Path> config) {
    /** Of a host that is there. */
    private static final int CONNECT_SECONDS = 10;

    private static final int ALIVE_SECONDS = 5;
    private static final int ALIVE_MISSED = 6;
    private static final int MOST_SAID = 64 << 10;

    /** Ctrl-C at the terminal reaches every process there: those that end in order leave it alone. */
    private static final List<String> DEAF = List.of("/bin/sh", "-c", "trap '' INT; exec \"$0\" \"$@\"");

    /** What goes into a command, while it runs. */
    @FunctionalInterface
    interface Input {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * How a command ended.
     *
     * @param code its exit code; 255 if ssh itself failed
     * @param out what it printed
     * @param err what it, or ssh, complained of
     */
    record Ended(int code, String out, String err) {
        /** The last line of what it complained of, or the code where it said nothing. */
        String why() {
            String plain = err.strip().replaceAll("\\p{Cntrl}*\\R\\p{Cntrl}*", "\n");
            String last = plain.substring(plain.lastIndexOf('\n') + 1).replaceAll("\\p{Cntrl}+", " ");
            return last.isEmpty() ? "exit code " + code : last.length() <= 200 ? last : last.substring(0, 200) + "...";
        }
    }

    /** How to start a script there; its standard input and output are those of the process here. */
    ProcessBuilder command(WorkerHost host, String script, List<String> arguments) {
        List<String> command = new ArrayList<>(DEAF);
        command.addAll(List.of("ssh", "-T"));
        config.ifPresent(file -> command.addAll(List.of("-F", file.toString())));
        for (String option : List.of(
                "BatchMode=yes",
                "ConnectTimeout=" + CONNECT_SECONDS,
                "ServerAliveInterval=" + ALIVE_SECONDS,
                "ServerAliveCountMax=" + ALIVE_MISSED,
                "ClearAllForwardings=yes",
                "ControlMaster=no",
                "ControlPath=none",
                "LogLevel=ERROR")) {
            command.addAll(List.of("-o", option));
        }
        host.port().ifPresent(port -> command.addAll(List.of("-p", Integer.toString(port))));
        host.identity().ifPresent(file -> command.addAll(List.of("-o", "IdentitiesOnly=yes", "-i", file.toString())));
        host.user().ifPresent(user -> command.addAll(List.of("-l", user)));
        command.addAll(List.of("--", host.host(), remote(script, arguments)));
        return new ProcessBuilder(command);
    }

    /** Whatever shell the user has there, it is asked for one thing: to become the plain one. */
    private static String remote(String script, List<String> arguments) {
        StringBuilder line = new StringBuilder("exec /bin/sh -c " + quoted(script) + " ketju");
        arguments.forEach(argument -> line.append(' ').append(quoted(argument)));
        return line.toString();
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** Runs a script there to its end; one that takes too long is ended, with a complaint that says so. */
    Ended run(WorkerHost host, String script, List<String> arguments, Input input, Duration patience) {
        Process process;
        try {
            process = command(host, script, arguments).start();
        } catch (IOException e) {
            return new Ended(255, "", "no ssh on this machine: " + e.getMessage());
        }
        CompletableFuture<String> out = said(process.getInputStream());
        CompletableFuture<String> err = said(process.getErrorStream());
        Thread.startVirtualThread(() -> {
            try (OutputStream in = process.getOutputStream()) {
                input.writeTo(in);
            } catch (IOException e) {
                // It has ended: what it says tells why.
            }
        });
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
                return new Ended(255, "", "no end within " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            return new Ended(255, "", "interrupted");
        }
        return new Ended(process.exitValue(), out.join(), err.join());
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static CompletableFuture<String> said(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (InputStream in = stream) {
                        byte[] first = in.readNBytes(MOST_SAID);
                        in.transferTo(OutputStream.nullOutputStream());
                        return new String(first, StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        return "";
                    }
                },
                Thread::startVirtualThread);
    }
}
