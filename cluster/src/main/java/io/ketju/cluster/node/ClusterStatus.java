package io.ketju.cluster.node;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.cluster.security.ControlTls;
import io.ketju.cluster.security.Identity;
import io.ketju.cluster.security.StatusConnection;
import io.ketju.cluster.status.NodeStatus;
import io.ketju.cluster.status.StatusBytes;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What all nodes of a cluster say of themselves. Whoever asks joins nothing and sends no message: each node answers on a connection that
 * is for this alone.
 *
 * @param nodes in the order of their addresses
 */
public record ClusterStatus(List<Node> nodes) {
    /**
     * One node.
     *
     * @param address where it is reached, as its cluster or the caller says
     * @param member what others say of it; empty: it is no member of a cluster that anybody knows of
     * @param status what it says of itself; empty: nothing
     * @param trouble why it says nothing, or that it is of another version; empty: all is well
     */
    public record Node(
            String address, Optional<NodeStatus.Member> member, Optional<NodeStatus> status, String trouble) {}

    private record Answer(Optional<NodeStatus> status, String trouble) {}

    /** Copies the list. */
    public ClusterStatus {
        nodes = List.copyOf(nodes);
    }

    /** {@return whether any node has answered} */
    public boolean answered() {
        return nodes.stream().anyMatch(node -> node.status().isPresent());
    }

    /**
     * Asks where the cluster meets, and then whom the answers name. Takes at most twice as long as one node may.
     *
     * @param meeting {@code host:port} of nodes
     * @param certificates who asks; empty: the secret of this user on this machine
     * @param each how long one node may take
     * @return what they say; a node that does not answer is in it with the reason
     */
    public static ClusterStatus ask(List<String> meeting, Optional<NodeCredentials> certificates, Duration each) {
        Identity identity = NodeSystem.identity(certificates);
        Map<String, Answer> answers = new TreeMap<>(ask(identity, meeting, each));
        Map<String, NodeStatus.Member> members = new TreeMap<>();
        answers.values()
                .forEach(answer -> answer.status()
                        .ifPresent(status ->
                                status.members().forEach(member -> members.putIfAbsent(member.address(), member))));
        Set<String> others = new LinkedHashSet<>(members.keySet());
        others.removeAll(answers.keySet());
        answers.putAll(ask(identity, others, each));
        List<Node> nodes = new ArrayList<>();
        answers.forEach((address, answer) -> nodes.add(
                new Node(address, Optional.ofNullable(members.get(address)), answer.status(), answer.trouble())));
        return new ClusterStatus(nodes);
    }

    private static Map<String, Answer> ask(Identity identity, Collection<String> addresses, Duration each) {
        Map<String, Future<Answer>> asked = new TreeMap<>();
        Map<String, Answer> answers = new TreeMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            addresses.forEach(address -> asked.put(address, threads.submit(() -> one(identity, address, each))));
            for (Map.Entry<String, Future<Answer>> entry : asked.entrySet()) {
                answers.put(entry.getKey(), entry.getValue().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvalidClusterException("interrupted while the nodes were asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a node could not be asked", e.getCause());
        }
        return answers;
    }

    private static Answer one(Identity identity, String address, Duration patience) {
        int colon = address.lastIndexOf(':');
        if (!ClusterOptions.isHostAndPort(address)) {
            return new Answer(
                    Optional.empty(), "expected HOST:PORT with a port from 1 to 65535, found '" + plain(address) + "'");
        }
        try {
            NodeStatus status = StatusBytes.read(StatusConnection.ask(
                    identity, address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), patience));
            return new Answer(
                    Optional.of(status),
                    status.controlVersion() == ControlTls.version()
                            ? ""
                            : "speaks version " + status.controlVersion() + " of the control messages, this is "
                                    + ControlTls.version());
        } catch (InvalidProtocolBufferException e) {
            return new Answer(Optional.empty(), "its answer cannot be read: another version of Ketju");
        } catch (IOException e) {
            return new Answer(Optional.empty(), plain(String.valueOf(e.getMessage())));
        }
    }

    /** TLS says it in many words. */
    private static String plain(String message) {
        if (message.contains("no_application_protocol")) {
            return "it does not know this question: another version of Ketju";
        }
        return message.replaceAll("\\p{Cntrl}+", " ");
    }
}
