package io.ketju.tests;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.Route;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.stage.StageActor;
import io.ketju.actors.stage.StageParts;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One stage of a job, by hand: the actor of its rank, and probes of Pekko's test kit in the place of its neighbours, its coordinator
 * and its checkpoint writer. It needs public classes only: copy it to test stages of your own models.
 */
final class StageFixture implements AutoCloseable {
    private static final int INCARNATION = 1;
    private static final int LEASES = 8;

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<StageCommand> previous = kit.createTestProbe(StageCommand.class);
    private final TestProbe<StageCommand> next = kit.createTestProbe(StageCommand.class);
    private final TestProbe<CoordinatorCommand> coordinator = kit.createTestProbe(CoordinatorCommand.class);
    private final TestProbe<CheckpointWriter.Command> writer = kit.createTestProbe(CheckpointWriter.Command.class);
    private final TensorCore core = TensorCore.open(1);
    private final TensorPool outside;
    private final StageCompute compute;
    private final PipelineSpec pipeline;
    private final ActorRef<StageCommand> actor;

    /**
     * @param stage its number, from 0
     * @param mostBytes of one tensor that the test sends
     */
    StageFixture(TrainingJob job, int stage, long mostBytes) {
        pipeline = job.pipeline();
        compute = new StageCompute(pipeline, stage, core);
        outside = new TensorPool("from outside", mostBytes, LEASES);
        StageMachine machine = new StageMachine(pipeline.plan(), stage, INCARNATION, List.of(compute.ofMachine()));
        actor = kit.spawn(StageActor.create(
                new StageParts(stage, INCARNATION, machine, List.of(compute), core, writer.ref(), coordinator.ref())));
        actor.tell(new StageCommand.ConnectLinks(Map.of(
                new Route(stage, stage - 1, TensorKey.Kind.GRADIENT), new LocalLink(previous.ref(), stage - 1),
                new Route(stage, stage + 1, TensorKey.Kind.ACTIVATION), new LocalLink(next.ref(), stage + 1))));
    }

    /** The mini-batch of the first step, all of whose samples count. */
    void grantFirstStep() {
        actor.tell(new StageCommand.GrantWindow(
                INCARNATION,
                new Window(
                        0,
                        Window.Phase.TRAIN,
                        1,
                        pipeline.batchSize(),
                        pipeline.microbatches(),
                        pipeline.batchSize())));
    }

    /** Sends the stage a tensor of the first step, as its neighbours do: of a chain, where one crosses each cut. */
    void deliver(TensorKey.Kind kind, int microbatch, Shape shape, float... values) {
        deliver(key(kind, microbatch), shape, values);
    }

    /** Sends the first stage the samples of a micro-batch of the first step. */
    void deliverInput(int microbatch, Shape shape, float... values) {
        deliver(fed(Model.INPUT, microbatch), shape, values);
    }

    private void deliver(TensorKey key, Shape shape, float... values) {
        TensorLease lease = outside.lease(shape);
        lease.tensor().copyFrom(values);
        tell(new StageCommand.DeliverTensor(compute.ports().stage(), key, lease));
    }

    /** Sends the last stage the classes of a micro-batch of the first step. */
    void deliverTargets(int microbatch, int... classes) {
        TensorLease lease = outside.lease(DType.INT32, Shape.of(classes.length));
        for (int i = 0; i < classes.length; i++) {
            lease.tensor().setInt(i, classes[i]);
        }
        tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(Model.TARGET, microbatch), lease));
    }

    void tell(StageCommand message) {
        actor.tell(message);
    }

    static TensorKey key(TensorKey.Kind kind, int microbatch) {
        return new TensorKey(INCARNATION, 0, kind, microbatch, 0);
    }

    /** The key of what the batch feeder sends under a name. */
    private TensorKey fed(String name, int microbatch) {
        int position = BatchPorts.of(pipeline.model()).position(name);
        return new TensorKey(INCARNATION, 0, TensorKey.Kind.FED, microbatch, position);
    }

    /** What the stage sends to the one before it. */
    TestProbe<StageCommand> previous() {
        return previous;
    }

    /** What the stage sends to the one after it. */
    TestProbe<StageCommand> next() {
        return next;
    }

    TestProbe<CoordinatorCommand> coordinator() {
        return coordinator;
    }

    <T> TestProbe<T> probe(Class<T> messages) {
        return kit.createTestProbe(messages);
    }

    /** Values of one of the stage's parameters, by its global name. */
    float[] parameter(String name) {
        return Objects.requireNonNull(compute.tensors().get(name), name).toFloats();
    }

    /** Tensors that nobody has given back. */
    int leasesOutstanding() {
        return compute.leasesOutstanding() + outside.outstanding();
    }

    /** First the actors, then the memory that they use. */
    @Override
    public void close() {
        kit.shutdownTestKit();
        core.close();
        compute.close();
        outside.close();
    }
}
