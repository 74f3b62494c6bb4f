package io.ketju.deploy.hosts;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobLimits;
import io.ketju.data.file.FileErrors;
import io.ketju.data.file.NearestFile;
import io.ketju.layers.spec.NearestName;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.InvalidCredentialsException;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file of hosts, a line each:
 *
 * <pre>
 * [user@]host [threads=N] [port=P] [identity=FILE] [certs=DIR] [address=HOST]    # the rest is a comment
 * </pre>
 */
public final class HostsFile {
    private static final String THREADS = "threads";
    private static final String PORT = "port";
    private static final String IDENTITY = "identity";
    private static final String CERTS = "certs";
    private static final String ADDRESS = "address";
    private static final List<String> OPTIONS = List.of(THREADS, PORT, IDENTITY, CERTS, ADDRESS);
    private static final int BYTES = 1 << 20;
    private static final int MOST_HOSTS = 1000;
    private static final int LAST_PORT = 65_535;

    /** Nothing that ssh or a shell could take for something else. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");

    /** A name, or an address in digits. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:-]{0,252}");

    private HostsFile() {}

    /** Reads it; throws {@link InvalidJobException} with one line that names file and line. */
    public static List<WorkerHost> read(Path file) {
        String label = Excerpt.ofPath(file);
        List<WorkerHost> hosts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int number = 0;
        for (String line : content(file, label).split("\\R", -1)) {
            number++;
            String text = line.replaceAll("#.*", "").strip();
            if (!text.isEmpty()) {
                WorkerHost host = host(label + ":" + number, text);
                if (!seen.add(host.address())) {
                    throw new InvalidJobException(host.where() + ": expected each host once, found " + host.address()
                            + " twice; threads=N says with how many it computes");
                }
                hosts.add(host);
            }
        }
        if (hosts.isEmpty() || hosts.size() > MOST_HOSTS) {
            throw new InvalidJobException(label + ": expected 1 to " + MOST_HOSTS + " hosts, a line each, found "
                    + (hosts.isEmpty() ? "none" : hosts.size()));
        }
        return hosts;
    }

    private static String content(Path file, String label) {
        String what = "hosts file " + label;
        if (!Files.exists(file)) {
            throw new InvalidJobException(
                    what + ": expected a readable file, found none" + NearestFile.hint(file, Files::isRegularFile));
        }
        if (Files.isDirectory(file)) {
            throw new InvalidJobException(what + ": expected a file, found a folder");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES + 1);
            if (bytes.length > BYTES) {
                throw new InvalidJobException(what + ": expected at most " + BYTES + " bytes, found more");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidJobException(what + ": expected text in UTF-8, found something else", e);
        } catch (IOException e) {
            throw new InvalidJobException(what + ": cannot be read: " + FileErrors.reason(e), e);
        }
    }

    private static WorkerHost host(String where, String text) {
        List<String> words = Arrays.asList(text.split("\\s+"));
        String target = words.getFirst();
        int at = target.indexOf('@');
        String host = target.substring(at + 1);
        if (!HOST.matcher(host).matches()) {
            throw new InvalidJobException(
                    where + ": expected a host, or user@host, found \"" + Excerpt.of(target) + "\"");
        }
        if (at >= 0 && !NAME.matcher(target.substring(0, at)).matches()) {
            throw new InvalidJobException(
                    where + ": expected the name of a user before @, found \"" + Excerpt.of(target) + "\"");
        }
        Map<String, String> options = options(where, words.subList(1, words.size()));
        String address = options.getOrDefault(ADDRESS, host);
        try {
            CertificateAuthority.requireName(address);
        } catch (InvalidCredentialsException e) {
            throw new InvalidJobException(where + ": " + ADDRESS + ": " + e.getMessage(), e);
        }
        return new WorkerHost(
                where,
                host,
                at < 0 ? Optional.empty() : Optional.of(target.substring(0, at)),
                address,
                number(where, options, THREADS, JobLimits.THREADS),
                number(where, options, PORT, LAST_PORT),
                path(where, options, IDENTITY).map(file -> required(where, IDENTITY, file, Files.isReadable(file))),
                path(where, options, CERTS).map(folder -> required(where, CERTS, folder, Files.isDirectory(folder))));
    }

    private static Map<String, String> options(String where, List<String> words) {
        Map<String, String> options = new HashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            if (equals < 0 || !OPTIONS.contains(key)) {
                throw new InvalidJobException(
                        where + ": expected options such as threads=2, found \"" + Excerpt.of(word)
                                + "\""
                                + NearestName.of(key, OPTIONS)
                                        .map(name -> "; did you mean '" + name + "='?")
                                        .orElse("; known are " + String.join(", ", OPTIONS)));
            }
            if (options.put(key, word.substring(equals + 1)) != null) {
                throw new InvalidJobException(where + ": expected " + key + " once, found it twice");
            }
        }
        return options;
    }

    private static OptionalInt number(String where, Map<String, String> options, String key, int most) {
        String text = options.get(key);
        if (text == null) {
            return OptionalInt.empty();
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new InvalidJobException(where + ": " + key + ": expected a whole number from 1 to " + most
                    + ", found \"" + Excerpt.of(text) + "\"");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private static Optional<Path> path(String where, Map<String, String> options, String key) {
        String text = options.get(key);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            throw new InvalidJobException(
                    where + ": " + key + ": expected a path, found \"" + Excerpt.of(text) + "\"", e);
        }
    }

    private static Path required(String where, String key, Path path, boolean there) {
        if (!there) {
            throw new InvalidJobException(where + ": " + key + ": expected "
                    + (key.equals(CERTS) ? "a folder with a node's certificate" : "a readable file")
                    + ", found none at "
                    + Excerpt.ofPath(path));
        }
        return path;
    }
}
