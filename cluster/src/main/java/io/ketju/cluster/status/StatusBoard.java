package io.ketju.cluster.status;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.worker.WorkerEvent;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.jspecify.annotations.Nullable;

/**
 * What a node does, written down as it happens, for whoever asks. Each kind of news comes from one thread at a time; answers are made
 * on any, and wait for nobody.
 */
public final class StatusBoard {
    private static final String UNPACKAGED = "unpackaged";

    /** What a coordinator is that waits to be one. */
    public static final String STANDBY = "standby";

    private final String role;
    private volatile boolean standsBy;
    private final int controlVersion;
    private final int threads;
    private final Instant since;
    private volatile NodeStatus.@Nullable Held asked;
    private volatile NodeStatus.@Nullable Held held;
    private volatile NodeStatus.@Nullable Directed directed;
    private volatile boolean leaving;

    /**
     * Of a node that begins now.
     *
     * @param role of the node
     * @param controlVersion of its control messages
     * @param threads that compute; 0 where none do
     */
    public StatusBoard(String role, int controlVersion, int threads) {
        this.role = role;
        this.controlVersion = controlVersion;
        this.threads = threads;
        this.since = Instant.now();
    }

    /**
     * Notes that a coordinator has asked for stages to be placed here; the worker may yet refuse.
     *
     * @param place what it has asked for
     */
    public void asked(WorkerCommand.PlaceStages place) {
        asked = new NodeStatus.Held(
                place.run(), hostPort(place.coordinator().path().address()), List.of(), 0, false);
    }

    /** The worker takes no stages any more. */
    public void leaving() {
        leaving = true;
    }

    /**
     * Notes what a worker does.
     *
     * @param event in the order in which they happen
     */
    public void on(WorkerEvent event) {
        NodeStatus.Held now = held;
        NodeStatus.Held wanted = asked;
        switch (event) {
            case WorkerEvent.Assigned assigned ->
                held = new NodeStatus.Held(
                        assigned.run(),
                        wanted != null && wanted.run().equals(assigned.run()) ? wanted.director() : "",
                        assigned.stages(),
                        assigned.of(),
                        false);
            case WorkerEvent.Started started -> {
                if (now != null) {
                    held = new NodeStatus.Held(now.run(), now.director(), now.stages(), now.of(), true);
                }
            }
            case WorkerEvent.Ended ended -> held = null;
            case WorkerEvent.Listening listening -> held = null;
            default -> {
                // Membership is asked for when somebody wants to know.
            }
        }
    }

    /**
     * Notes that a coordinator begins to direct a run from here.
     *
     * @param job of the run
     * @return who is to hear of the run, one event at a time
     */
    public TrainingListener directing(TrainingJob job) {
        directed = run(job, "begins");
        standsBy = false;
        return this::on;
    }

    /**
     * Notes that the node is to direct a run if whoever directs it is lost.
     *
     * @param job of the run
     */
    public void standingBy(TrainingJob job) {
        directed = run(job, "stands by");
        standsBy = true;
    }

    private static NodeStatus.Directed run(TrainingJob job, String state) {
        String folder = job.resume()
                .or(job::runDirectory)
                .map(Path::toAbsolutePath)
                .map(Path::toString)
                .orElse("");
        return new NodeStatus.Directed(
                job.name(), folder, state, 0, job.epochs(), 0, job.totalSteps(), job.stages(), 0);
    }

    private void on(TrainingEvent event) {
        NodeStatus.Directed run = directed;
        if (run == null) {
            return;
        }
        directed = switch (event) {
            case TrainingEvent.WaitingForWorkers waiting ->
                with(
                        run,
                        "waits for " + Plural.of(waiting.wanted(), "worker") + ", has " + waiting.present(),
                        run.restarts());
            case TrainingEvent.Started started -> with(run, "runs", run.restarts());
            case TrainingEvent.Restarted again -> with(run, "runs", again.restarts());
            case TrainingEvent.StepFinished step -> at(run, step.epoch(), step.step());
            default -> run; // changes nothing that is shown
        };
    }

    private static NodeStatus.Directed with(NodeStatus.Directed run, String state, int restarts) {
        return new NodeStatus.Directed(
                run.job(),
                run.folder(),
                state,
                run.epoch(),
                run.epochs(),
                run.step(),
                run.steps(),
                run.stages(),
                restarts);
    }

    private static NodeStatus.Directed at(NodeStatus.Directed run, int epoch, long step) {
        return new NodeStatus.Directed(
                run.job(),
                run.folder(),
                run.state(),
                epoch,
                run.epochs(),
                step,
                run.steps(),
                run.stages(),
                run.restarts());
    }

    /**
     * {@return the answer of this node, as {@link StatusBytes} reads it} Any thread may ask.
     *
     * @param system of this node, a member of a cluster or not yet
     */
    public byte[] answer(ActorSystem system) {
        return StatusBytes.write(status(system));
    }

    private NodeStatus status(ActorSystem system) {
        Cluster cluster = Cluster.get(system);
        var state = cluster.state();
        List<NodeStatus.Member> members = new ArrayList<>();
        for (Member member : state.getMembers()) {
            members.add(new NodeStatus.Member(
                    hostPort(member.address()),
                    roleOf(member),
                    member.status().toString().toLowerCase(Locale.ROOT),
                    !state.getUnreachable().contains(member)));
        }
        return new NodeStatus(
                hostPort(cluster.selfAddress()),
                standsBy ? STANDBY : role,
                version(),
                controlVersion,
                threads,
                since,
                members,
                Optional.ofNullable(held),
                Optional.ofNullable(directed),
                leaving);
    }

    /** A node has a role for what it is, and others that say more of it. */
    private static String roleOf(Member member) {
        return member.getRoles().stream()
                .filter(role -> role.matches("[a-z]+"))
                .findFirst()
                .orElse("node");
    }

    private static String version() {
        String packaged = StatusBoard.class.getPackage().getImplementationVersion();
        return packaged == null ? UNPACKAGED : packaged;
    }

    private static String hostPort(Address address) {
        return address.hasLocalScope()
                ? ""
                : address.host().get() + ":" + address.port().get();
    }
}
