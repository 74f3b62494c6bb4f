package io.ketju.deploy.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings of a node, one row each: how it is called as a flag, in the environment and in a file, and what it means. Everything
 * that reads, shows or documents them does so from here.
 */
public enum NodeKey {
    SEEDS(
            "--seeds --seed-node",
            "HOST:PORT,...",
            "none",
            "Where the cluster meets, one place or several; the node keeps trying until somebody is at one of them."),
    HOST("--host", "HOST", "the first name in the certificate, or 127.0.0.1", "Where others reach this process."),
    PORT("--port", "PORT", "0", "Port to bind; 0: any free one."),
    CERTS(
            "--certs",
            "DIR",
            "what the environment has as KETJU_CERTS",
            "This node's certificate, as ketju certs makes it. Without one, loopback alone."),
    THREADS("--threads", "N", "all processors", "Compute threads."),
    ROOTS(
            "--root",
            "DIR",
            "the working folder",
            "Where runs may read and write here: a flag for each folder, or a list."),
    DATA_PATH(
            "--data-path",
            "PATH",
            "auto",
            "auto, shared memory between processes of one machine, or sockets alone. Never changes the result."),
    LEAVE_WITHIN(
            "--leave-within",
            "SECONDS",
            "25",
            "How long a worker that is told to end, by SIGTERM, has to hand over the stages that it holds."),
    TRACE("--trace", "DIR", "none", "Keep in this folder, of the run, when everything happened here."),
    ROLE("--role", "ROLE", "worker", "worker, the only role yet.");

    /** What the names in the environment begin with. */
    static final String PREFIX = "KETJU_NODE_";

    private final String flags;
    private final String parameter;
    private final String otherwise;
    private final String meaning;

    NodeKey(String flags, String parameter, String otherwise, String meaning) {
        this.flags = flags;
        this.parameter = parameter;
        this.otherwise = otherwise;
        this.meaning = meaning;
    }

    /** What it is called in a file: {@code data-path}. */
    public String path() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it is called in the environment: {@code KETJU_NODE_DATA_PATH}. */
    public String variable() {
        return PREFIX + name();
    }

    /** Its flag, and older names of that. */
    public List<String> flags() {
        return List.of(flags.split(" ", -1));
    }

    /** What follows the flag, for people. */
    public String parameter() {
        return parameter;
    }

    /** What holds where it is not set, for people. */
    public String otherwise() {
        return otherwise;
    }

    /** What it means, in a sentence or two. */
    public String meaning() {
        return meaning;
    }

    /** Whether it may have several values. */
    public boolean isList() {
        return this == SEEDS || this == ROOTS;
    }

    /** What stands between the values of one that has several, where they are one text. */
    String separator() {
        return this == ROOTS ? java.io.File.pathSeparator : ",";
    }

    /** The one of this name in a file. */
    static Optional<NodeKey> of(String path) {
        return Stream.of(values()).filter(key -> key.path().equals(path)).findFirst();
    }

    /** The table as a page has it, in Markdown. */
    public static List<String> markdown() {
        return Stream.concat(
                        Stream.of("| flag | environment | file | by default | meaning |", "|---|---|---|---|---|"),
                        Stream.of(values()).map(NodeKey::row))
                .toList();
    }

    private String row() {
        return "| `" + flags().getFirst() + " " + parameter + "` | `" + variable() + "` | `" + path() + "` | "
                + otherwise + " | " + meaning + " |";
    }
}
