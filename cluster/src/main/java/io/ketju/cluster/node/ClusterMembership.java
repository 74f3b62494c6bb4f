package io.ketju.cluster.node;

import io.ketju.actors.message.WorkerCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/** Joining a cluster. */
final class ClusterMembership {
    private static final String PROCESS_ROLE = "process-";

    /** Of a node that stands by; behind it comes for what. */
    static final String STANDBY_ROLE = "standby-";

    /** The number of the process here that stands for this one, where another host has started it. */
    private static final String PROCESS = "ketju.process";

    /** How long a node may take to accept a connection. */
    private static final int PROBE_MILLIS = 300;

    private ClusterMembership() {}

    /**
     * Joins by the seed nodes; without any, this node begins a new cluster.
     *
     * @param whenApart what to do where another of the seed nodes has begun a cluster of its own
     */
    static void join(ActorSystem<?> system, ClusterOptions options, Runnable whenApart) {
        Cluster cluster = Cluster.get(system);
        if (options.seedNodes().isEmpty()) {
            cluster.manager().tell(new Join(cluster.selfMember().address()));
            return;
        }
        String own = hostPort(cluster.selfMember().address());
        switch (options.seedNodes().indexOf(own)) {
            case -1 -> join(cluster, options.seedNodes());
            case 0 ->
                Thread.ofVirtual()
                        .name("ketju-meeting")
                        .start(() -> join(cluster, MeetingOrder.of(options.seedNodes(), options.certificates())));
            default -> {
                join(cluster, options.seedNodes());
                system.systemActorOf(Founding.create(options.seedNodes(), own, whenApart), "founding", Props.empty());
            }
        }
    }

    private static void join(Cluster cluster, List<String> seeds) {
        cluster.manager()
                .tell(new JoinSeedNodes(
                        seeds.stream().map(ClusterMembership::address).toList()));
    }

    /** Where all members of this node's cluster are reached, as far as it knows; empty: it has not joined. */
    static List<String> addresses(ActorSystem<?> system) {
        List<String> result = new ArrayList<>();
        Cluster.get(system).state().getMembers().forEach(member -> result.add(hostPort(member.address())));
        return result;
    }

    /** Whether a member has a role, other than the one at {@code host:port} that is gone. */
    static boolean has(ActorSystem<?> system, String role, String gone) {
        boolean[] found = {false};
        Cluster.get(system).state().getMembers().forEach(member -> {
            found[0] |= member.hasRole(role) && !hostPort(member.address()).equals(gone);
        });
        return found[0];
    }

    /** {@code host:port}. */
    static String hostPort(Address address) {
        return address.host().get() + ":" + address.port().get();
    }

    /** The role that says a node's process number. */
    static String processRole() {
        return PROCESS_ROLE
                + Objects.requireNonNullElseGet(
                        Long.getLong(PROCESS), () -> ProcessHandle.current().pid());
    }

    /** A process of this machine is known to have ended: its node need not be waited for any more. */
    static void down(ActorSystem<?> system, long pid) {
        Cluster cluster = Cluster.get(system);
        cluster.state().getMembers().forEach(member -> {
            if (member.hasRole(PROCESS_ROLE + pid)) {
                cluster.manager().tell(new Down(member.address()));
            }
        });
    }

    /** The node at {@code host:port} need not be waited for any more, if it is still a member. */
    static void down(ActorSystem<?> system, String node) {
        Cluster.get(system).manager().tell(new Down(address(node)));
    }

    /** Whether somebody accepts connections at {@code host:port}. */
    static boolean answers(String node) {
        Address address = address(node);
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            address.host().get(), ((Number) address.port().get()).intValue()),
                    PROBE_MILLIS);
            return true;
        } catch (IOException e) {
            // Nobody there, or no such host: that is the answer.
            return false;
        }
    }

    /** Ends the system without leaving its cluster: for one whose every other node is about to end too. */
    static void end(ActorSystem<?> system) {
        CoordinatedShutdown.get(system)
                .run(
                        CoordinatedShutdown.actorSystemTerminateReason(),
                        Optional.of(CoordinatedShutdown.PhaseActorSystemTerminate()));
    }

    /** The process numbers of all other nodes; empty for one that does not say it. */
    static List<OptionalLong> others(ActorSystem<?> system) {
        Cluster cluster = Cluster.get(system);
        List<OptionalLong> result = new ArrayList<>();
        for (Member member : cluster.state().getMembers()) {
            if (!member.address().equals(cluster.selfMember().address())) {
                result.add(process(member));
            }
        }
        return result;
    }

    /** The process numbers of workers, as far as their nodes are known. */
    static Map<ActorRef<WorkerCommand>, Long> processes(ActorSystem<?> system, List<ActorRef<WorkerCommand>> workers) {
        Map<Address, Long> known = new HashMap<>();
        for (Member member : Cluster.get(system).state().getMembers()) {
            process(member).ifPresent(pid -> known.put(member.address(), pid));
        }
        Map<ActorRef<WorkerCommand>, Long> result = new HashMap<>();
        for (ActorRef<WorkerCommand> worker : workers) {
            Long pid = known.get(worker.path().address());
            if (pid != null) {
                result.put(worker, pid);
            }
        }
        return result;
    }

    /** Whether a node stands by for some run. */
    static boolean standsBy(Member member) {
        return member.getRoles().stream().anyMatch(role -> role.startsWith(STANDBY_ROLE));
    }

    /** Whether the node at {@code host:port} is a member of this node's cluster, as far as it knows. */
    static boolean isMember(ActorSystem<?> system, String node) {
        return addresses(system).contains(node);
    }

    /** Whether this node is one of its cluster: what one that is not sees of the others says nothing about them. */
    static boolean isUp(ActorSystem<?> system) {
        Cluster cluster = Cluster.get(system);
        return !cluster.isTerminated()
                && cluster.selfMember().status().equals(MemberStatus.up())
                && isMember(system, hostPort(cluster.selfMember().address()));
    }

    /** Whether the node at {@code host:port} is a member of a role. */
    static boolean isMember(ActorSystem<?> system, String node, String role) {
        boolean[] found = {false};
        Cluster.get(system).state().getMembers().forEach(member -> {
            found[0] |= member.hasRole(role) && hostPort(member.address()).equals(node);
        });
        return found[0];
    }

    /**
     * How many members of a role, other than the node at {@code except}, may do what this one is about to: those that came before it, and
     * all that are not among {@code known}. Whether they can be reached does not matter: as long as they are members, nobody has found
     * that they are gone.
     */
    static int before(ActorSystem<?> system, String role, String except, List<String> known) {
        Cluster cluster = Cluster.get(system);
        Member self = cluster.selfMember();
        int before = 0;
        for (Member member : cluster.state().getMembers()) {
            String node = hostPort(member.address());
            boolean other = member.hasRole(role)
                    && !node.equals(except)
                    && !member.address().equals(self.address());
            if (other && (!known.contains(node) || member.isOlderThan(self))) {
                before++;
            }
        }
        return before;
    }

    /** How many members of a role, other than the node at {@code except}, are there, can be reached and came before this one. */
    static int older(ActorSystem<?> system, String role, String except) {
        Cluster cluster = Cluster.get(system);
        Set<Member> unreachable = cluster.state().getUnreachable();
        int older = 0;
        for (Member member : cluster.state().getMembers()) {
            boolean counts = member.hasRole(role)
                    && !unreachable.contains(member)
                    && !hostPort(member.address()).equals(except);
            if (counts && member.isOlderThan(cluster.selfMember())) {
                older++;
            }
        }
        return older;
    }

    private static OptionalLong process(Member member) {
        return member.getRoles().stream()
                .filter(role -> role.startsWith(PROCESS_ROLE))
                .mapToLong(role -> Long.parseLong(role.substring(PROCESS_ROLE.length())))
                .findFirst();
    }

    /** Of {@code host:port}. */
    static Address address(String node) {
        int colon = node.lastIndexOf(':');
        return Address.apply(
                "pekko", NodeSystem.NAME, node.substring(0, colon), Integer.parseInt(node.substring(colon + 1)));
    }
}
