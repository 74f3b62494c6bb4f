package io.ketju.deploy.launch;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A host and a port as the command line takes them. Without a certificate only loopback addresses are accepted.
 *
 * @param port 0 asks for any free one
 */
public record Address(String host, int port) {
    private static final int LAST_PORT = 65_535;
    private static final int PROBE_MILLIS = 500;

    /** Of one cluster: as many as anybody would look after. */
    private static final int MOST_MEETING = 16;

    /** A name, or an address in digits. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,252}");

    /** Reads {@code HOST:PORT} on loopback; {@code option} is what errors call it. */
    public static Address parse(String option, String text) {
        return parse(option, text, false);
    }

    /**
     * The same.
     *
     * @param certified whether this process has a certificate, so that any host will do
     */
    public static Address parse(String option, String text, boolean certified) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new InvalidJobException(
                    option + ": expected HOST:PORT such as 127.0.0.1:7355, found \"" + Excerpt.of(text) + "\"");
        }
        return new Address(
                host(option, text.substring(0, colon), certified), port(option, text.substring(colon + 1), 1));
    }

    /**
     * Reads where a cluster meets: several of these, each once. With a certificate a host need not be known here yet: it may be one that
     * is started later.
     *
     * @param texts one for each
     */
    public static List<Address> meeting(String option, List<String> texts, boolean certified) {
        if (texts.size() > MOST_MEETING) {
            throw new InvalidJobException(
                    option + ": expected at most " + MOST_MEETING + " places to meet at, found " + texts.size());
        }
        List<Address> found = new ArrayList<>();
        for (String text : texts) {
            int colon = text.lastIndexOf(':');
            boolean later = certified
                    && colon > 0
                    && HOST.matcher(text.substring(0, colon)).matches();
            Address next = later
                    ? new Address(text.substring(0, colon), port(option, text.substring(colon + 1), 1))
                    : parse(option, text, certified);
            if (found.contains(next)) {
                throw new InvalidJobException(option + ": expected each place once, found " + next + " twice");
            }
            found.add(next);
        }
        return List.copyOf(found);
    }

    /** Whether nobody here knows a host of this name. */
    public boolean unknown() {
        return new InetSocketAddress(host, port).isUnresolved();
    }

    /** Reads a port of at least {@code least}. */
    public static int port(String option, String text, int least) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) > LAST_PORT || Integer.parseInt(text) < least) {
            throw new InvalidJobException(option + ": expected a port from " + least + " to " + LAST_PORT + ", found \""
                    + Excerpt.of(text) + "\"");
        }
        return Integer.parseInt(text);
    }

    /**
     * Checks that a host is known and, for a process without a certificate, loopback.
     */
    public static String host(String option, String host, boolean certified) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new InvalidJobException(
                    option + ": expected a host that can be resolved, found \"" + Excerpt.of(host) + "\"", e);
        }
        if (!certified && !address.isLoopbackAddress()) {
            throw new InvalidJobException(option + ": expected a loopback address such as 127.0.0.1, found \""
                    + Excerpt.of(host)
                    + "\": others are reached with certificates alone; make them by 'ketju certs new --out DIR --nodes"
                    + " NAME,...' and give each node its own by --certs");
        }
        return host;
    }

    /** A port that was free a moment ago. */
    public static Address free(String host) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return new Address(host, socket.getLocalPort());
        } catch (IOException e) {
            throw new InvalidJobException(
                    "--host: expected an address of this machine, found \"" + Excerpt.of(host) + "\": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Throws if something else listens here. */
    public void requireFree(String option) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: a port whose last connections are only fading away is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new InvalidJobException(
                    option + ": expected a free port, found " + this + " taken; choose another, or 0 for any free one",
                    e);
        }
    }

    /** Whether something listens here. */
    public boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PROBE_MILLIS);
            return true;
        } catch (IOException e) {
            // Nobody there: that is the answer.
            return false;
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
