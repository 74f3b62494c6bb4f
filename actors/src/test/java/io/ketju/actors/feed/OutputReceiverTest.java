package io.ketju.actors.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.Route;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.stage.OutputLink;
import io.ketju.actors.stage.StageActor;
import io.ketju.actors.stage.StageParts;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorMemory;
import io.ketju.tensor.memory.TensorPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows that predict, through stage actors with local links: the outputs come back as a predictor makes them. */
class OutputReceiverTest {
    private static final int INCARNATION = 4;
    private static final int STAGES = 3;
    private static final int WINDOWS = 6;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ActorTestKit kit = ActorTestKit.create("ketju-output-test");
    private final TensorCore core = TensorCore.open(1);
    private final PipelineSpec spec = SmallJobs.tiny().stages(STAGES).build().pipeline();
    private final TestProbe<CoordinatorCommand> coordinator = kit.createTestProbe();
    private final TestProbe<CheckpointWriter.Command> writer = kit.createTestProbe();
    private final TestProbe<OutputCommand.Outputs> answers = kit.createTestProbe();
    private final TestProbe<CoordinatorCommand.NeighbourLost> losses = kit.createTestProbe();
    private final TensorArena arena = new TensorArena(1 << 16);
    private final TensorPool fed = new TensorPool("fed", 4096, 64);
    private final List<StageCompute> computes = new ArrayList<>();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        computes.forEach(StageCompute::close);
        fed.close();
        arena.close();
        core.close();
    }

    @Test
    void outputsComeBackInTheirPlaces() {
        ActorRef<OutputCommand> receiver = kit.spawn(OutputReceiver.create(INCARNATION, losses.getRef()));
        List<ActorRef<StageCommand>> stages = stages(receiver);
        int samples = spec.batchSize() - 1; // micro-batches of unequal sizes
        int microbatches = MicrobatchSplit.atMost(samples, spec.microbatches()).microbatches();
        long open = 0;
        for (int number = 0; number < WINDOWS; number++) {
            Tensor input = arena.allocate(spec.model().inputShape().batched(samples));
            for (int i = 0; i < input.elements(); i++) {
                input.setFloat(i, (i * 7 + number) % 11 - 5);
            }
            Tensor output = arena.allocate(spec.model().outputShape().batched(samples));
            Window window = Window.predicting(number, 0, samples, microbatches);
            receiver.tell(new OutputCommand.Expect(window, List.of(output), answers.getRef()));
            stages.forEach(stage -> stage.tell(new StageCommand.GrantWindow(INCARNATION, window)));
            feed(stages.getFirst(), window, input);
            assertThat(answers.receiveMessage(SOON)).isEqualTo(new OutputCommand.Outputs(number, Optional.empty()));
            assertThat(output.toFloats()).isEqualTo(predicted(input, samples));
            for (int stage = 0; stage < STAGES; stage++) {
                coordinator.expectMessageClass(CoordinatorCommand.WindowFinished.class, SOON);
            }
            open = number == 0 ? TensorMemory.openBytes() : open;
            assertThat(TensorMemory.openBytes()).isEqualTo(open);
        }
        assertThat(computes).allMatch(compute -> compute.leasesOutstanding() == 0);
        assertThat(fed.outstanding()).isZero();
    }

    @Test
    void whatNobodyExpectsIsDroppedAndWhatNeverComesIsSaid() {
        ActorRef<OutputCommand> receiver = kit.spawn(OutputReceiver.create(INCARNATION, losses.getRef()));
        Tensor wanted = arena.allocate(Shape.of(2, 3));
        Window window = Window.predicting(1, 0, 2, 1);
        receiver.tell(new OutputCommand.Expect(window, List.of(wanted), answers.getRef()));
        receiver.tell(output(INCARNATION, 0, Shape.of(2, 3)));
        receiver.tell(output(INCARNATION - 1, 1, Shape.of(2, 3)));
        receiver.tell(new OutputCommand.Stop("the run ends"));
        assertThat(answers.receiveMessage(SOON)).isEqualTo(new OutputCommand.Outputs(1, Optional.of("the run ends")));
        receiver.tell(new OutputCommand.Expect(window, List.of(wanted), answers.getRef()));
        receiver.tell(output(INCARNATION, 1, Shape.of(2, 4)));
        assertThat(answers.receiveMessage(SOON).failure().orElseThrow())
                .startsWith("output 0 of micro-batch 0: expected");
        assertThat(fed.outstanding()).isZero();
    }

    @Test
    void aBrokenConnectionIsALostNeighbourUntilTheRunEnds() {
        ActorRef<OutputCommand> receiver = kit.spawn(OutputReceiver.create(INCARNATION, losses.getRef()));
        receiver.tell(new OutputCommand.LinkLost(0, "reset"));
        losses.expectMessage(SOON, new CoordinatorCommand.NeighbourLost(INCARNATION, 0, 0, "reset"));
        Window window = Window.predicting(1, 7, 2, 1);
        receiver.tell(new OutputCommand.Expect(window, List.of(arena.allocate(Shape.of(2, 3))), answers.getRef()));
        receiver.tell(new OutputCommand.LinkLost(2, "closed"));
        losses.expectMessage(SOON, new CoordinatorCommand.NeighbourLost(INCARNATION, 2, 7, "closed"));
        receiver.tell(new OutputCommand.Release());
        receiver.tell(new OutputCommand.LinkLost(1, "closed"));
        receiver.tell(new OutputCommand.Stop("the run ends"));
        assertThat(answers.receiveMessage(SOON)).isEqualTo(new OutputCommand.Outputs(1, Optional.of("the run ends")));
        losses.expectNoMessage(Duration.ZERO);
    }

    private OutputCommand.DeliverOutput output(int incarnation, long window, Shape shape) {
        return new OutputCommand.DeliverOutput(
                new TensorKey(incarnation, window, TensorKey.Kind.OUTPUT, 0, 0), fed.lease(shape));
    }

    private float[] predicted(Tensor input, int samples) {
        try (Predictor predictor = new Predictor(spec.model(), samples, core)) {
            predictor.initialize(spec.recipe().seed());
            Tensor output = arena.allocate(spec.model().outputShape().batched(samples));
            predictor.predict(List.of(input), List.of(output));
            return output.toFloats();
        }
    }

    private void feed(ActorRef<StageCommand> first, Window window, Tensor input) {
        for (int m = 0; m < window.microbatches(); m++) {
            Tensor part =
                    input.samples(window.firstSample(m), window.parts().get(m).samples());
            TensorLease lease = fed.lease(part.shape());
            lease.tensor().copyFrom(part);
            first.tell(new StageCommand.DeliverTensor(
                    0, new TensorKey(INCARNATION, window.number(), TensorKey.Kind.FED, m, 0), lease));
        }
    }

    private List<ActorRef<StageCommand>> stages(ActorRef<OutputCommand> receiver) {
        List<ActorRef<StageCommand>> actors = new ArrayList<>();
        for (int stage = 0; stage < STAGES; stage++) {
            StageCompute compute = new StageCompute(spec, stage, core);
            computes.add(compute);
            StageMachine machine = new StageMachine(spec.plan(), stage, INCARNATION, List.of(compute.ofMachine()));
            actors.add(kit.spawn(StageActor.create(new StageParts(
                    stage, INCARNATION, machine, List.of(compute), core, writer.getRef(), coordinator.getRef()))));
        }
        for (int stage = 0; stage < STAGES; stage++) {
            Map<Route, StageLink> links = new HashMap<>();
            links.put(new Route(stage, StagePorts.FEEDER, TensorKey.Kind.OUTPUT), new OutputLink(receiver));
            if (stage < STAGES - 1) {
                links.put(
                        new Route(stage, stage + 1, TensorKey.Kind.ACTIVATION),
                        new LocalLink(actors.get(stage + 1), stage + 1));
            }
            actors.get(stage).tell(new StageCommand.ConnectLinks(links));
        }
        return actors;
    }
}
