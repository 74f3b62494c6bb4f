package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.deploy.display.Invocation;
import io.ketju.deploy.display.Terminal;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.CertificateSummary;
import io.ketju.protocol.security.InvalidCredentialsException;
import io.ketju.protocol.security.NodeCredentials;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju certs}: a private authority and the certificates of a cluster's nodes. */
@Command(
        name = "certs",
        description = "Make, show or renew the certificates by which nodes on several hosts know each other.",
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju certs new --out certs --nodes a.example,b.example,10.0.0.5",
            "  ketju certs new --out certs --nodes a.example+10.0.0.4     one node, two names",
            "  ketju certs show certs",
            "  ketju certs renew certs --nodes a.example",
            "",
            "Each node gets its own folder in DIR and needs nothing else: copy it there and start the node with --certs.",
            "DIR/ca-key.pem makes new certificates; keep it away from the nodes."
        })
final class CertsCommand implements Callable<Integer> {
    private static final int MOST_DAYS = 3650;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "new|show|renew", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "DIR", description = "The authority's folder.")
    private @Nullable Path folder;

    @Option(names = "--out", paramLabel = "DIR", description = "The same, for new.")
    private @Nullable Path out;

    @Option(
            names = "--nodes",
            paramLabel = "A,B,..",
            description = "Nodes by DNS name or IP address, with '+' between several names of one.")
    private @Nullable String nodes;

    @Option(names = "--days", paramLabel = "N", description = "How long certificates of nodes last; 365 by default.")
    private @Nullable String days;

    CertsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path chosen = folder();
        try {
            terminal.print(
                    switch (action) {
                        case "new" -> make(chosen);
                        case "show" -> show(chosen);
                        case "renew" -> renew(chosen);
                        default ->
                            throw new InvalidJobException(
                                    "certs: expected new, show or renew, found \"" + Excerpt.of(action) + "\"");
                    });
            return CommandLineInterface.OK;
        } catch (InvalidCredentialsException e) {
            throw new InvalidJobException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new InvalidJobException(Excerpt.ofPath(chosen) + ": cannot be written: " + e, e);
        }
    }

    private Path folder() {
        if (folder != null && out != null) {
            throw new InvalidJobException("--out: expected one folder, found two");
        }
        return Optional.ofNullable(folder)
                .or(() -> Optional.ofNullable(out))
                .orElseThrow(() -> new InvalidJobException(
                        "certs " + Excerpt.of(action) + ": expected the authority's folder, found none"));
    }

    private List<String> make(Path directory) throws IOException {
        List<List<String>> wanted = nodes();
        if (Files.exists(directory.resolve(CertificateAuthority.KEY))
                || Files.exists(directory.resolve(NodeCredentials.AUTHORITY))) {
            throw new InvalidJobException(Excerpt.ofPath(directory) + ": expected no authority there yet, found one; "
                    + "more of its nodes are made by "
                    + Invocation.ofProcess().of("certs", "renew", directory, "--nodes", "NAME"));
        }
        Duration lasts = lasts();
        CertificateAuthority authority = CertificateAuthority.create(
                "ketju " + directory.toAbsolutePath().getFileName(), Instant.now());
        authority.store(directory);
        return issue(authority, directory, wanted, lasts);
    }

    private List<String> renew(Path directory) throws IOException {
        List<List<String>> wanted = nodes();
        return issue(CertificateAuthority.read(directory), directory, wanted, lasts());
    }

    private static List<String> issue(
            CertificateAuthority authority, Path directory, List<List<String>> wanted, Duration lasts)
            throws IOException {
        List<String> lines = new ArrayList<>();
        for (List<String> names : wanted) {
            Path node = directory.resolve(names.getFirst());
            authority.issue(node, names, Instant.now(), lasts);
            lines.add(line(node));
        }
        return lines;
    }

    private List<String> show(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        Path authority = directory.resolve(NodeCredentials.AUTHORITY);
        CertificateSummary summary = CertificateSummary.of(authority);
        lines.add(authority + ": authority, " + until(summary.until()));
        List<Path> folders = new ArrayList<>(List.of(directory));
        try (Stream<Path> inside = Files.list(directory)) {
            inside.sorted().forEach(folders::add);
        }
        folders.stream()
                .filter(CertificateAuthority::hasNode)
                .map(CertsCommand::line)
                .forEach(lines::add);
        return lines;
    }

    private static String line(Path node) {
        CertificateSummary summary = CertificateSummary.of(node.resolve(NodeCredentials.CERTIFICATE));
        return node + ": " + String.join(", ", summary.names()) + ", " + until(summary.until());
    }

    private static String until(Instant end) {
        Instant now = Instant.now();
        String day = end.atZone(ZoneOffset.UTC).toLocalDate().toString();
        return now.isBefore(end)
                ? "until " + day + ", " + Plural.of(Duration.between(now, end).toDays(), "day") + " left"
                : "expired on " + day;
    }

    private List<List<String>> nodes() {
        if (nodes == null || nodes.isBlank()) {
            throw new InvalidJobException("--nodes: expected names of nodes such as a.example,10.0.0.5, found none");
        }
        List<List<String>> found = new ArrayList<>();
        LinkedHashSet<String> first = new LinkedHashSet<>();
        for (String node : nodes.split(",", -1)) {
            List<String> names = List.of(node.strip().split("\\+", -1));
            names.forEach(CertificateAuthority::requireName);
            if (!first.add(names.getFirst())) {
                throw new InvalidJobException("--nodes: expected each node once, found " + names.getFirst() + " twice");
            }
            found.add(names);
        }
        return found;
    }

    private Duration lasts() {
        if (days == null) {
            return CertificateAuthority.NODE_VALIDITY;
        }
        if (!days.matches("\\d{1,4}") || Integer.parseInt(days) < 1 || Integer.parseInt(days) > MOST_DAYS) {
            throw new InvalidJobException(
                    "--days: expected a whole number from 1 to " + MOST_DAYS + ", found \"" + Excerpt.of(days) + "\"");
        }
        return Duration.ofDays(Integer.parseInt(days));
    }
}
