package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.stage.StageActor;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.Linear;
import io.ketju.layers.ReLU;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A stage by hand, message by message: its neighbour, its coordinator and its checkpoint writer are probes of Pekko's
 * test kit. Read it to see what a stage hears and says during one step; copy it to test actors of your own.
 */
class StageActorExampleTest {
    private static final int INCARNATION = 1;
    private static final int SAMPLES_PER_MICROBATCH = 2;
    private static final Shape INPUT = Shape.of(SAMPLES_PER_MICROBATCH, 3);
    private static final Shape ACTIVATION = Shape.of(SAMPLES_PER_MICROBATCH, 4);

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<StageActor.Command> next = kit.createTestProbe(StageActor.Command.class);
    private final TestProbe<Coordinator.Command> coordinator = kit.createTestProbe(Coordinator.Command.class);
    private final TestProbe<CheckpointWriter.Command> writer = kit.createTestProbe(CheckpointWriter.Command.class);

    private final TensorCore core = TensorCore.open(1);
    private final PipelineSpec pipeline = twoStages();
    private final StageCompute compute = new StageCompute(pipeline, 0, core);
    private final TensorPool fromOutside = new TensorPool("from outside", TensorArena.bytesFor(ACTIVATION), 4);

    @AfterEach
    void close() {
        kit.shutdownTestKit(); // first the actors, then the memory that they use
        core.close();
        compute.close();
        fromOutside.close();
    }

    @Test
    void theFirstOfTwoStagesTakesOneStep() {
        ActorRef<StageActor.Command> stage = spawnFirstStage();
        float[] before = weight();

        // The coordinator grants a mini-batch of four samples in two micro-batches ...
        Window window = new Window(0, Window.Phase.TRAIN, 1, 4, 2, 4);
        stage.tell(new StageActor.GrantWindow(INCARNATION, window));
        // ... and the feeder's samples arrive, here in the wrong order.
        stage.tell(new StageActor.DeliverTensor(key(TensorKey.Kind.INPUT, 1), tensor(INPUT, 0.5f)));
        stage.tell(new StageActor.DeliverTensor(key(TensorKey.Kind.INPUT, 0), tensor(INPUT, -0.25f)));

        // The stage runs 0F0 and 0F1, in the order of its schedule: what it computed goes to its neighbour.
        for (int microbatch = 0; microbatch < 2; microbatch++) {
            StageActor.DeliverTensor sent = next.expectMessageClass(StageActor.DeliverTensor.class);
            assertThat(sent.key()).isEqualTo(key(TensorKey.Kind.ACTIVATION, microbatch));
            assertThat(sent.lease().tensor().shape()).isEqualTo(ACTIVATION);
            sent.lease().close(); // the lease has moved: whoever receives it gives the buffer back
        }
        coordinator.expectNoMessage();

        // Gradients come back; after the last one the stage updates its weights, and says that it has finished.
        stage.tell(new StageActor.DeliverTensor(key(TensorKey.Kind.GRADIENT, 0), tensor(ACTIVATION, 1)));
        stage.tell(new StageActor.DeliverTensor(key(TensorKey.Kind.GRADIENT, 1), tensor(ACTIVATION, 1)));

        Coordinator.WindowFinished finished = coordinator.expectMessageClass(Coordinator.WindowFinished.class);
        assertThat(finished.stage()).isZero();
        assertThat(finished.window()).isZero();
        assertThat(finished.metrics()).as("only the last stage measures").isEmpty();
        assertThat(weight()).isNotEqualTo(before);
        assertThat(compute.leasesOutstanding() + fromOutside.outstanding()).isZero();
    }

    @Test
    void whatIsLateFromAnEarlierStartIsGivenBackUnused() {
        ActorRef<StageActor.Command> stage = spawnFirstStage();
        TensorKey stale = new TensorKey(INCARNATION - 1, 0, TensorKey.Kind.INPUT, 0, 0);
        stage.tell(new StageActor.DeliverTensor(stale, tensor(INPUT, 1)));

        TestProbe<StageActor.Released> released = kit.createTestProbe(StageActor.Released.class);
        stage.tell(new StageActor.Release("the example is over", released.ref()));

        assertThat(released.receiveMessage().stage()).isZero();
        assertThat(fromOutside.outstanding()).isZero();
        next.expectNoMessage();
    }

    private ActorRef<StageActor.Command> spawnFirstStage() {
        StageMachine machine = new StageMachine(
                compute.position(),
                INCARNATION,
                pipeline.schedule(),
                compute.plan().activationBuffers());
        ActorRef<StageActor.Command> stage = kit.spawn(StageActor.create(
                new StageActor.Parts(0, INCARNATION, machine, compute, core, writer.ref(), coordinator.ref())));
        stage.tell(new StageActor.ConnectLinks(null, new LocalLink(next.ref())));
        return stage;
    }

    private float[] weight() {
        return Objects.requireNonNull(compute.tensors().get("0.weight")).toFloats();
    }

    private static TensorKey key(TensorKey.Kind kind, int microbatch) {
        return new TensorKey(INCARNATION, 0, kind, microbatch, 0);
    }

    private TensorLease tensor(Shape shape, float first) {
        TensorLease lease = fromOutside.lease(shape);
        for (int i = 0; i < shape.elements(); i++) {
            lease.tensor().setFloat(i, first + i * 0.125f);
        }
        return lease;
    }

    private static PipelineSpec twoStages() {
        ArrayDataset samples = new ArrayDataset("example", Shape.of(3), new float[12], new int[] {0, 1, 0, 1});
        return Ketju.job()
                .model(Shape.of(3), Sequential.of(new Linear(3, 4), new ReLU(), new Linear(4, 2)))
                .data(new DataSource("custom", samples, samples))
                .optimizer(new SGD(0.1))
                .stageBounds(List.of(0, 2, 3))
                .batchSize(4)
                .microbatches(2)
                .build()
                .pipeline();
    }
}
