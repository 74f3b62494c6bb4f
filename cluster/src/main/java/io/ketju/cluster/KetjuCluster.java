package io.ketju.cluster;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Runs;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TrainingSession;
import io.ketju.cluster.link.LinkMode;
import io.ketju.cluster.link.SocketTransport;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.ClusterSite;
import io.ketju.cluster.node.InvalidClusterException;
import io.ketju.cluster.node.StandbyNode;
import io.ketju.cluster.status.StatusBoard;
import io.ketju.cluster.wire.PipelineCheck;
import java.util.List;
import java.util.stream.Stream;

/** The doorway to runs over several JVMs; for runs in one, {@link io.ketju.actors.Ketju} is enough. */
public final class KetjuCluster {
    private KetjuCluster() {}

    /**
     * Starts a run over the workers of a cluster and returns at once; this JVM directs it, and feeds it unless a worker can read
     * the data.
     *
     * @param job what is trained, of layers that the workers know
     * @param options how this JVM takes part in the cluster, and for how many workers it waits
     * @param listeners told what the run does, in this order
     * @return the run, to be closed by the caller
     * @throws InvalidJobException before anything starts, if the job cannot be run
     * @throws InvalidClusterException before anything starts, if this JVM cannot take part
     */
    public static Training start(TrainingJob job, ClusterOptions options, TrainingListener... listeners) {
        PipelineCheck.requireReadable(job.pipeline());
        StatusBoard board = ClusterSite.board();
        return Runs.directed(job, () -> ClusterSite.open(options, board), shown(job, board, listeners));
    }

    /**
     * Goes on with a run whose process is lost, from a node that has stood by, and returns at once.
     *
     * @param job which continues the run, and is not complete
     * @param held the run's folder ({@link RunDirectory#takeOver}); the run owns it, also if it cannot be started
     * @param node which the run ends
     * @param listeners told what the run does, in this order
     * @return the run, to be closed by the caller
     * @throws InvalidJobException before anything starts, if the job cannot be run
     */
    public static Training takeOver(
            TrainingJob job, RunDirectory held, StandbyNode node, TrainingListener... listeners) {
        try {
            PipelineCheck.requireReadable(job.pipeline());
        } catch (RuntimeException e) {
            held.release();
            throw e;
        }
        return Runs.takenOver(job, held, node::site, shown(job, node.board(), listeners));
    }

    /**
     * Opens a session over the workers of a cluster, as {@code Ketju.session} does in one JVM.
     *
     * @param job what is trained, step by step
     * @param options how this JVM takes part in the cluster, and for how many workers it waits
     * @param listeners told what the run does, in this order
     * @return the session, to be closed by the caller
     * @throws InvalidJobException before anything starts, if the job cannot be run
     * @throws InvalidClusterException before anything starts, if this JVM cannot take part
     */
    public static TrainingSession session(TrainingJob job, ClusterOptions options, TrainingListener... listeners) {
        PipelineCheck.requireReadable(job.pipeline());
        StatusBoard board = ClusterSite.board();
        return Runs.session(job, () -> ClusterSite.open(options, board), shown(job, board, listeners));
    }

    /** What the run does is written down first: a listener of the caller's may end it. */
    private static List<TrainingListener> shown(TrainingJob job, StatusBoard board, TrainingListener... listeners) {
        return Stream.concat(Stream.of(board.directing(job)), Stream.of(listeners))
                .toList();
    }

    /**
     * Opens a session in this JVM, with sockets or shared memory between its stages where wanted.
     *
     * @param job what is trained, step by step
     * @param links how the stages reach each other, and this JVM reaches them
     * @param listeners told what the run does, in this order
     * @return the session, to be closed by the caller
     * @throws InvalidJobException before anything starts, if the job cannot be run
     */
    public static TrainingSession embeddedSession(TrainingJob job, LinkMode links, TrainingListener... listeners) {
        return switch (links) {
            case LOCAL_WHERE_POSSIBLE -> Runs.session(job, List.of(listeners));
            case ALWAYS_SOCKETS, ALWAYS_SHARED_MEMORY ->
                Runs.embeddedSession(job, () -> SocketTransport.open("127.0.0.1", links), List.of(listeners));
        };
    }

    /**
     * Starts a run in this JVM, with sockets or shared memory between its stages where wanted: to test them, or to measure.
     *
     * @param job what is trained
     * @param links how the stages reach each other
     * @param listeners told what the run does, in this order
     * @return the run, to be closed by the caller
     * @throws InvalidJobException before anything starts, if the job cannot be run
     */
    public static Training embedded(TrainingJob job, LinkMode links, TrainingListener... listeners) {
        return switch (links) {
            case LOCAL_WHERE_POSSIBLE -> Runs.embedded(job, List.of(listeners));
            case ALWAYS_SOCKETS, ALWAYS_SHARED_MEMORY ->
                Runs.embedded(job, () -> SocketTransport.open("127.0.0.1", links), List.of(listeners));
        };
    }
}
