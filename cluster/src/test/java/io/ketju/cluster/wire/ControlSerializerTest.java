package io.ketju.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.ReadableData;
import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.cluster.TinyJob;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.SWA;
import io.ketju.layers.optimizer.StepLR;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.stage.CollectedValues;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.ParameterHistograms;
import io.ketju.pipeline.stage.StepMetrics;
import io.ketju.pipeline.stage.ValueHistogram;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.TensorType;
import java.io.NotSerializableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlSerializerTest {
    private static final int LARGEST = 64 * 1024;

    private final ActorTestKit kit = ActorTestKit.create("ketju-wire-test");
    private final ControlSerializer serializer =
            new ControlSerializer((ExtendedActorSystem) Adapter.toClassic(kit.system()));
    private final TestProbe<CoordinatorCommand> coordinator = kit.createTestProbe();
    private final TestProbe<StageCommand> stage = kit.createTestProbe();

    /** Micro-batches of padded sequences and of one that is as long as any. */
    private static Window unequal() {
        Window.Part three = new Window.Part(4, List.of(TensorType.ints(4, 3), TensorType.ints(4)));
        Window.Part seven = new Window.Part(4, List.of(TensorType.ints(4, 7), TensorType.floats(4, 1, 2)));
        List<Window.Part> parts = List.of(three, seven, seven, three, Window.Part.of(3));
        return new Window(5, Window.Phase.TRAIN, 3, parts, List.of(19.0, 0.25))
                .withinStep(false, 4)
                .scheduled(2);
    }

    private OutputAddress outputs(Optional<InetSocketAddress> data) {
        return new OutputAddress(kit.<OutputCommand>createTestProbe().getRef(), data);
    }

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    /** As many as fill a message. */
    private List<StageAddress> addresses() {
        List<StageAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            addresses.add(new StageAddress(
                    i,
                    i / 2,
                    stage.getRef(),
                    i == 0
                            ? Optional.empty()
                            : Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000 + i))));
        }
        return addresses;
    }

    @Test
    void everyMessageReadsBack() throws NotSerializableException {
        RunTicket ticket = new RunTicket(-1, Long.MIN_VALUE, 7);
        Shard shard = new Shard("stage-0.safetensors", 1L << 33, "ab");
        List<StageAddress> addresses = addresses();
        Window window = new Window(9, Window.Phase.EVALUATE, 2, 60, 8, 61);
        List<Object> messages = new ArrayList<>(List.of(
                new WorkerCommand.ConnectStages(ticket, addresses),
                new WorkerCommand.ConnectStages(
                        ticket, addresses, Optional.of(outputs(Optional.empty())), Optional.empty()),
                new WorkerCommand.ConnectStages(
                        ticket,
                        addresses,
                        Optional.of(outputs(Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 999)))),
                        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 998))),
                new WorkerCommand.ReleaseStages(ticket, "enough"),
                new StageCommand.GrantWindow(7, new Window(3, Window.Phase.TRAIN, 2, 60, 8, 60)),
                new StageCommand.GrantWindow(7, unequal(), true, false),
                new StageCommand.GrantWindow(7, unequal(), false, true),
                new CoordinatorCommand.CopyHeld(7, 1, 1L << 40),
                new WorkerCommand.SendCopies(
                        ticket, 6, 90, List.of(0, 2), new InetSocketAddress(InetAddress.getLoopbackAddress(), 997)),
                new StageCommand.GrantWindow(7, new Window(4, Window.Phase.EVALUATE, 2, 60, 8, 61)),
                new StageCommand.GrantWindow(7, Window.predicting(5, 2, 60, 8)),
                new StageCommand.GrantWindow(7, new Window(5, Window.Phase.TRAIN, 2, 60, 8, 60).withObjective(1)),
                new StageCommand.GrantWindows(
                        7,
                        List.of(
                                new StageCommand.GrantWindow(7, unequal(), true, false),
                                new StageCommand.GrantWindow(7, window))),
                new StageCommand.SaveShard(7, 12, Path.of("/a/b")),
                new CoordinatorCommand.WorkerPlaced(7, 1, addresses),
                new CoordinatorCommand.WorkerConnected(7, 1),
                new CoordinatorCommand.WorkerReleased(7, 1),
                new CoordinatorCommand.WorkerLeaving(7, 1),
                new CoordinatorCommand.ShardReady(7, 2, 9),
                new CoordinatorCommand.ShardSaved(7, 2, 9, shard),
                new CoordinatorCommand.StageFailed(7, new RunFailure.StageFailed(2, 9, "NaN")),
                new CoordinatorCommand.StageFailed(7, new RunFailure.ShardNotWritten(2, 9, "no space")),
                new CoordinatorCommand.StageFailed(7, new RunFailure.StageDied(2)),
                new CoordinatorCommand.NeighbourLost(7, 2, 9, "reset"),
                new StageCommand.InspectMicrobatch(7, 9, 3)));
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            messages.add(new CoordinatorCommand.WorkerFailed(7, 1, new Refusal(reason, "no memory")));
        }
        for (NonFinite.Kind kind : NonFinite.Kind.values()) {
            messages.add(new CoordinatorCommand.NonFiniteFound(
                    7, new NonFinite(kind, window, 3, 1, "the loss is NaN", "x")));
        }
        for (Inspection.Outcome outcome : Inspection.Outcome.values()) {
            messages.add(
                    new CoordinatorCommand.MicrobatchInspected(7, new Inspection(1, 9, 3, outcome, "layer 2 ReLU()")));
        }
        assertReadBack(messages);
    }

    @Test
    void windowsOfSeveralStartsAreNotOneMessage() {
        Window window = new Window(3, Window.Phase.TRAIN, 2, 60, 8, 60);
        assertThatThrownBy(() -> new StageCommand.GrantWindows(8, List.of(new StageCommand.GrantWindow(7, window))))
                .hasMessage("expected windows of start 8, found one of start 7");
        List<CoordinatorCommand.WindowFinished> finished =
                List.of(new CoordinatorCommand.WindowFinished(7, 2, 9, Optional.empty(), 99));
        assertThatThrownBy(() -> new CoordinatorCommand.WindowsFinished(8, finished))
                .hasMessage("expected windows of start 8, found one of start 7");
    }

    @Test
    void whatAWindowMeasuredReadsBack() throws NotSerializableException {
        assertReadBack(List.of(
                new CoordinatorCommand.WindowFinished(
                        7,
                        2,
                        9,
                        Optional.of(new WindowMetrics(
                                1.5, 3, Map.of("accuracy", List.of(2.0, 3.0), "perplexity", List.of(1.5, 3.0)))),
                        99),
                new CoordinatorCommand.WindowFinished(
                        7,
                        2,
                        9,
                        Optional.of(new WindowMetrics(new TreeMap<>(Map.of(
                                1,
                                new WindowMetrics.OfHead(
                                        1.5,
                                        3,
                                        new TreeMap<>(),
                                        new TreeMap<>(Map.of("auc", CollectedValues.of(List.of(3.0, 1.0))))))))),
                        99),
                new CoordinatorCommand.WindowFinished(
                        7, 2, 9, Optional.of(new WindowMetrics(new TreeMap<>(), List.of(0.5, 1e-300), 1)), 99),
                new CoordinatorCommand.WindowFinished(
                        7,
                        2,
                        9,
                        Optional.of(new WindowMetrics(
                                new TreeMap<>(), List.of(), 0, new StepMetrics(Math.nextUp(0.3), 2, 1, 3, 4))),
                        99),
                new CoordinatorCommand.WindowFinished(7, 2, 9, Optional.empty(), 99),
                new CoordinatorCommand.WindowsFinished(
                        7,
                        List.of(
                                new CoordinatorCommand.WindowFinished(
                                        7, 2, 9, Optional.of(new WindowMetrics(1.5, 3, Map.of())), 99),
                                new CoordinatorCommand.WindowFinished(7, 2, 10, Optional.empty(), 98)))));
    }

    @Test
    void whatFeedersSayAndHearReadsBack() throws NotSerializableException {
        TestProbe<FeederCommand> feeder = kit.createTestProbe();
        TestProbe<FeederReport> reports = kit.createTestProbe();
        List<StageAddress> addresses = addresses();
        Window window = new Window(9, Window.Phase.EVALUATE, 2, 60, 8, 61);
        assertReadBack(List.of(
                new CoordinatorCommand.WorkerPlaced(7, 1, addresses, Optional.of(feeder.getRef())),
                new CoordinatorCommand.FeederEnded(7, 1),
                new FeederCommand.Connect(addresses, reports.getRef()),
                new FeederCommand.FeedWindow(new GrantedWindow(unequal(), 1L << 40)),
                new FeederCommand.FeedWindow(new GrantedWindow(window, 0)),
                new FeederCommand.FeedWindows(
                        List.of(new GrantedWindow(unequal(), 1L << 40), new GrantedWindow(window, 0))),
                new FeederCommand.Stop(reports.getRef()),
                new FeederReport.Connected(),
                new FeederReport.Failed(new RunFailure.BadData("digits/train, batch 3: broken")),
                new FeederReport.Failed(new RunFailure.FeederUnconnected("refused")),
                new FeederReport.Stopped()));
    }

    private void assertReadBack(List<Object> messages) throws NotSerializableException {
        for (Object message : messages) {
            byte[] bytes = serializer.toBinary(message);
            assertThat(bytes.length).as("%s", message).isLessThan(LARGEST);
            assertThat(serializer.fromBinary(bytes, serializer.manifest(message)))
                    .isEqualTo(message);
        }
    }

    @Test
    void whatWasThrownStaysInItsJvm() throws NotSerializableException {
        RunFailure.OfStage failure = new RunFailure.StageFailed(2, 9, "text");
        Refusal refusal = new Refusal(Refusal.Reason.UNPLACED, "text");
        Optional<Throwable> thrown = Optional.of(new IllegalStateException("text"));
        List<Object> messages = List.of(
                new CoordinatorCommand.StageFailed(7, failure, thrown),
                new CoordinatorCommand.WorkerFailed(7, 2, refusal, thrown));
        List<Object> read = new ArrayList<>();
        for (Object message : messages) {
            read.add(serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message)));
        }
        assertThat(read)
                .containsExactly(
                        new CoordinatorCommand.StageFailed(7, failure),
                        new CoordinatorCommand.WorkerFailed(7, 2, refusal));
    }

    @Test
    void sumsReadBackToTheBit() throws NotSerializableException {
        for (Object message : List.of(
                new StageCommand.TakeSums(7, 9, List.of(0.1 + 0.2, Double.MIN_VALUE)),
                new CoordinatorCommand.SumsMade(7, 2, 9, Collections.nCopies(6000, Math.PI)),
                new CoordinatorCommand.SumsMade(7, 2, 9, List.of()))) {
            byte[] bytes = serializer.toBinary(message);
            assertThat(bytes.length).isLessThan(LARGEST);
            assertThat(serializer.fromBinary(bytes, serializer.manifest(message)))
                    .isEqualTo(message);
        }
    }

    /** The largest there can be fits a message: every bin, twice. */
    @Test
    void histogramsReadBack() throws NotSerializableException {
        List<Integer> bins = IntStream.rangeClosed(-ValueHistogram.LAST, ValueHistogram.LAST)
                .boxed()
                .toList();
        ValueHistogram full = new ValueHistogram(bins, Collections.nCopies(bins.size(), 1L << 31));
        ValueHistogram one = new ValueHistogram(List.of(-7), List.of(3L));
        for (ParameterHistograms counted : List.of(
                new ParameterHistograms("transformer.h.0.attn.c_attn.weight", full, Optional.of(full)),
                new ParameterHistograms("0.bias", one, Optional.empty()))) {
            Object message = new CoordinatorCommand.HistogramsCounted(7, 1L << 40, counted);
            byte[] bytes = serializer.toBinary(message);
            assertThat(bytes.length).isLessThan(LARGEST);
            assertThat(serializer.fromBinary(bytes, serializer.manifest(message)))
                    .isEqualTo(message);
        }
    }

    @Test
    void aPlacementBuildsTheSamePipeline() throws NotSerializableException {
        PipelineSpec made = new JobBuilder()
                .model("lenet5")
                .data(DataSource.named("fashion-mnist-5k"))
                .stages(4)
                .freeze("0.*")
                .group("*.bias", new SGD(0.5))
                .clipGradNorm(0.7)
                .clipGradValue(0.3)
                .nonFiniteGradients(NonFiniteGradients.SKIP)
                .tellGradNorm()
                .accumulate(3)
                .gradientGroups(5)
                .epochs(2)
                .histogramsEveryEpochs(2)
                .average(new SWA(3))
                .penalties(new Penalty(Penalty.Norm.L2, 0.01), new Penalty("*.bias", Penalty.Norm.L1, 0.5))
                .initialState(InitialState.recordedRun(Path.of("/runs/old"), "00", 99))
                .resume(Path.of("/runs/x"))
                .build()
                .pipeline();
        Objective first = new Objective("first", List.of("loss"), List.of("3.*", "*.bias"), new StepLR(3, 0.5));
        Objective second = new Objective("second", List.of("loss"), List.of("*"), new ConstantLR());
        PipelineSpec spec = new PipelineSpec(
                        made.recipe().withObjectives(List.of(first, second)), made.partition(), made.schedule())
                .withRecomputing(Set.of(1, 3));
        WorkerCommand.PlaceStages message = new WorkerCommand.PlaceStages(
                new RunTicket(1, 2, 3),
                spec,
                Assignment.contiguous(Placement.oneEach(4), 2),
                1,
                Optional.of(Path.of("/runs/x")),
                coordinator.getRef(),
                "x",
                Optional.of(new ReadableData("digits", "ab", "cd")),
                true);
        byte[] bytes = serializer.toBinary(message);
        assertThat(bytes.length).isLessThan(LARGEST);
        WorkerCommand.PlaceStages read =
                (WorkerCommand.PlaceStages) serializer.fromBinary(bytes, serializer.manifest(message));
        assertThat(read.coordinator()).isEqualTo(message.coordinator());
        assertThat(read.assignment()).isEqualTo(message.assignment());
        assertThat(read.checkpoint()).isEqualTo(message.checkpoint());
        assertThat(read.run()).isEqualTo("x");
        assertThat(read.feeds()).isEqualTo(message.feeds());
        assertThat(read.copies()).isTrue();
        assertThat(serializer.toBinary(read)).isEqualTo(bytes);
        assertThat(read.pipeline().partition()).isEqualTo(spec.partition());
        assertThat(read.pipeline().plan()).isEqualTo(spec.plan());
        assertThat(read.pipeline().recipe().optimizerSteps()).isEqualTo(99);
        assertThat(read.pipeline().recipe().clipGradNorm()).contains(new ClipGradNorm(0.7));
        assertThat(read.pipeline().recipe().rules()).isEqualTo(spec.recipe().rules());
        assertThat(read.pipeline().recipe().rules().average()).contains(new Averaging(new SWA(3), 27));
        assertThat(read.pipeline().recipe().groups())
                .isEqualTo(spec.recipe().groups())
                .hasSize(2);
    }

    @Test
    void aPipelineKeepsTheReplicasOfEachStage() {
        PipelineSpec one = TinyJob.builder().stages(3).gradientGroups(2).build().pipeline();
        for (List<Integer> counts : List.of(List.of(1, 2, 1), List.of(2, 2, 2), List.of(1, 1, 1))) {
            PipelineSpec spec = one.withReplicas(new ReplicaCounts(counts));
            PipelineSpec read = PipelineText.read(PipelineText.write(spec));
            assertThat(read.placement()).isEqualTo(spec.placement());
            assertThat(read.plan()).isEqualTo(spec.plan());
        }
    }

    @Test
    void strangersAreRefused() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "java.lang.Runtime"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessage("unknown control message 'java.lang.Runtime'");
        assertThatThrownBy(() -> serializer.toBinary("text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no control message");
        assertThatThrownBy(() -> serializer.toBinary(new StageCommand.Stop()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> serializer.fromBinary(new byte[] {-1, -1, -1, 7}, "PlaceStages"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageStartingWith("control message 'PlaceStages'");
        assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "GrantWindow"))
                .isInstanceOf(NotSerializableException.class);
    }

    @Test
    void javaSerializationIsOff() {
        var config = com.typesafe.config.ConfigFactory.parseResources("ketju-actors.conf");
        assertThat(config.getBoolean("pekko.actor.allow-java-serialization")).isFalse();
    }
}
