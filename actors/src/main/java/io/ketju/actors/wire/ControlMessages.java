package io.ketju.actors.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.stage.StageActor;
import io.ketju.actors.worker.Assignment;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.protocol.control.ConnectStages;
import io.ketju.protocol.control.GrantWindow;
import io.ketju.protocol.control.InspectMicrobatch;
import io.ketju.protocol.control.Metrics;
import io.ketju.protocol.control.MicrobatchInspected;
import io.ketju.protocol.control.NonFiniteFound;
import io.ketju.protocol.control.PlaceStages;
import io.ketju.protocol.control.ReleaseStages;
import io.ketju.protocol.control.SaveShard;
import io.ketju.protocol.control.ShardSaved;
import io.ketju.protocol.control.StageTrouble;
import io.ketju.protocol.control.WindowFinished;
import io.ketju.protocol.control.WorkerAnswer;
import io.ketju.protocol.control.WorkerFailed;
import io.ketju.protocol.control.WorkerPlaced;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** The list of all messages that cross the network, one line of meaning each. */
final class ControlMessages {
    private final ActorRefResolver resolver;
    private final ControlValues values;

    ControlMessages(ActorRefResolver resolver) {
        this.resolver = resolver;
        this.values = new ControlValues(resolver);
    }

    List<WireFormat<?>> formats() {
        return List.of(
                new WireFormat<>("PlaceStages", WorkerNode.PlaceStages.class, this::write, this::placeStages),
                new WireFormat<>("ConnectStages", WorkerNode.ConnectStages.class, this::write, this::connectStages),
                new WireFormat<>("ReleaseStages", WorkerNode.ReleaseStages.class, this::write, this::releaseStages),
                new WireFormat<>("GrantWindow", StageActor.GrantWindow.class, this::write, this::grantWindow),
                new WireFormat<>("SaveShard", StageActor.SaveShard.class, this::write, this::saveShard),
                new WireFormat<>("WorkerPlaced", Coordinator.WorkerPlaced.class, this::write, this::workerPlaced),
                new WireFormat<>(
                        "WorkerConnected", Coordinator.WorkerConnected.class, this::write, this::workerConnected),
                new WireFormat<>("WorkerReleased", Coordinator.WorkerReleased.class, this::write, this::workerReleased),
                new WireFormat<>("WorkerFailed", Coordinator.WorkerFailed.class, this::write, this::workerFailed),
                new WireFormat<>("WindowFinished", Coordinator.WindowFinished.class, this::write, this::windowFinished),
                new WireFormat<>("ShardSaved", Coordinator.ShardSaved.class, this::write, this::shardSaved),
                new WireFormat<>("NonFiniteFound", Coordinator.NonFiniteFound.class, this::write, this::nonFiniteFound),
                new WireFormat<>(
                        "InspectMicrobatch", StageActor.InspectMicrobatch.class, this::write, this::inspectMicrobatch),
                new WireFormat<>(
                        "MicrobatchInspected",
                        Coordinator.MicrobatchInspected.class,
                        this::write,
                        this::microbatchInspected),
                new WireFormat<>("StageFailed", Coordinator.StageFailed.class, this::write, this::stageFailed),
                new WireFormat<>("NeighbourLost", Coordinator.NeighbourLost.class, this::write, this::neighbourLost));
    }

    private PlaceStages write(WorkerNode.PlaceStages message) {
        return PlaceStages.newBuilder()
                .setTicket(values.write(message.ticket()))
                .setPipeline(PipelineText.write(message.pipeline()))
                .addAllWorkerOfStage(message.assignment().workerOfStage())
                .setWorker(message.worker())
                .setCheckpoint(message.checkpoint().map(Path::toString).orElse(""))
                .setCoordinator(resolver.toSerializationFormat(message.coordinator()))
                .setRun(message.run())
                .build();
    }

    private WorkerNode.PlaceStages placeStages(byte[] bytes) throws InvalidProtocolBufferException {
        PlaceStages proto = PlaceStages.parseFrom(bytes);
        ActorRef<Coordinator.Command> coordinator = resolver.resolveActorRef(proto.getCoordinator());
        return new WorkerNode.PlaceStages(
                values.read(proto.getTicket()),
                PipelineText.read(proto.getPipeline()),
                new Assignment(proto.getWorkerOfStageList()),
                proto.getWorker(),
                proto.getCheckpoint().isEmpty() ? Optional.empty() : Optional.of(Path.of(proto.getCheckpoint())),
                coordinator,
                proto.getRun());
    }

    private ConnectStages write(WorkerNode.ConnectStages message) {
        return ConnectStages.newBuilder()
                .setTicket(values.write(message.ticket()))
                .addAllStages(message.stages().stream().map(values::write).toList())
                .build();
    }

    private WorkerNode.ConnectStages connectStages(byte[] bytes) throws InvalidProtocolBufferException {
        ConnectStages proto = ConnectStages.parseFrom(bytes);
        return new WorkerNode.ConnectStages(
                values.read(proto.getTicket()),
                proto.getStagesList().stream().map(values::read).toList());
    }

    private ReleaseStages write(WorkerNode.ReleaseStages message) {
        return ReleaseStages.newBuilder()
                .setTicket(values.write(message.ticket()))
                .setReason(message.reason())
                .build();
    }

    private WorkerNode.ReleaseStages releaseStages(byte[] bytes) throws InvalidProtocolBufferException {
        ReleaseStages proto = ReleaseStages.parseFrom(bytes);
        return new WorkerNode.ReleaseStages(values.read(proto.getTicket()), proto.getReason());
    }

    private GrantWindow write(StageActor.GrantWindow message) {
        return GrantWindow.newBuilder()
                .setIncarnation(message.incarnation())
                .setWindow(values.write(message.window()))
                .build();
    }

    private StageActor.GrantWindow grantWindow(byte[] bytes) throws InvalidProtocolBufferException {
        GrantWindow proto = GrantWindow.parseFrom(bytes);
        return new StageActor.GrantWindow(proto.getIncarnation(), values.read(proto.getWindow()));
    }

    private SaveShard write(StageActor.SaveShard message) {
        return SaveShard.newBuilder()
                .setIncarnation(message.incarnation())
                .setStep(message.step())
                .setDirectory(message.directory().toString())
                .build();
    }

    private StageActor.SaveShard saveShard(byte[] bytes) throws InvalidProtocolBufferException {
        SaveShard proto = SaveShard.parseFrom(bytes);
        return new StageActor.SaveShard(proto.getIncarnation(), proto.getStep(), Path.of(proto.getDirectory()));
    }

    private WorkerPlaced write(Coordinator.WorkerPlaced message) {
        return WorkerPlaced.newBuilder()
                .setIncarnation(message.incarnation())
                .setWorker(message.worker())
                .addAllStages(message.stages().stream().map(values::write).toList())
                .build();
    }

    private Coordinator.WorkerPlaced workerPlaced(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerPlaced proto = WorkerPlaced.parseFrom(bytes);
        return new Coordinator.WorkerPlaced(
                proto.getIncarnation(),
                proto.getWorker(),
                proto.getStagesList().stream().map(values::read).toList());
    }

    private WorkerAnswer write(Coordinator.WorkerConnected message) {
        return answer(message.incarnation(), message.worker());
    }

    private Coordinator.WorkerConnected workerConnected(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerAnswer proto = WorkerAnswer.parseFrom(bytes);
        return new Coordinator.WorkerConnected(proto.getIncarnation(), proto.getWorker());
    }

    private WorkerAnswer write(Coordinator.WorkerReleased message) {
        return answer(message.incarnation(), message.worker());
    }

    private Coordinator.WorkerReleased workerReleased(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerAnswer proto = WorkerAnswer.parseFrom(bytes);
        return new Coordinator.WorkerReleased(proto.getIncarnation(), proto.getWorker());
    }

    private static WorkerAnswer answer(int incarnation, int worker) {
        return WorkerAnswer.newBuilder()
                .setIncarnation(incarnation)
                .setWorker(worker)
                .build();
    }

    private WorkerFailed write(Coordinator.WorkerFailed message) {
        return WorkerFailed.newBuilder()
                .setIncarnation(message.incarnation())
                .setWorker(message.worker())
                .setCause(message.cause())
                .build();
    }

    private Coordinator.WorkerFailed workerFailed(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerFailed proto = WorkerFailed.parseFrom(bytes);
        return new Coordinator.WorkerFailed(proto.getIncarnation(), proto.getWorker(), proto.getCause());
    }

    private WindowFinished write(Coordinator.WindowFinished message) {
        WindowFinished.Builder builder = WindowFinished.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.stage())
                .setWindow(message.window())
                .setBusyNanos(message.busyNanos());
        message.metrics()
                .ifPresent(metrics -> builder.setMetrics(Metrics.newBuilder()
                        .setLossSum(metrics.lossSum())
                        .setCorrect(metrics.correct())
                        .setSamples(metrics.samples())));
        return builder.build();
    }

    private Coordinator.WindowFinished windowFinished(byte[] bytes) throws InvalidProtocolBufferException {
        WindowFinished proto = WindowFinished.parseFrom(bytes);
        Metrics metrics = proto.getMetrics();
        return new Coordinator.WindowFinished(
                proto.getIncarnation(),
                proto.getStage(),
                proto.getWindow(),
                proto.hasMetrics()
                        ? Optional.of(
                                new WindowMetrics(metrics.getLossSum(), metrics.getCorrect(), metrics.getSamples()))
                        : Optional.empty(),
                proto.getBusyNanos());
    }

    private ShardSaved write(Coordinator.ShardSaved message) {
        return ShardSaved.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.stage())
                .setStep(message.step())
                .setShard(values.write(message.shard()))
                .build();
    }

    private Coordinator.ShardSaved shardSaved(byte[] bytes) throws InvalidProtocolBufferException {
        ShardSaved proto = ShardSaved.parseFrom(bytes);
        return new Coordinator.ShardSaved(
                proto.getIncarnation(), proto.getStage(), proto.getStep(), values.read(proto.getShard()));
    }

    private NonFiniteFound write(Coordinator.NonFiniteFound message) {
        return NonFiniteFound.newBuilder()
                .setIncarnation(message.incarnation())
                .setKind(NonFiniteFound.Kind.valueOf(message.found().kind().name()))
                .setWindow(values.write(message.found().window()))
                .setMicrobatch(message.found().microbatch())
                .setStage(message.found().stage())
                .setWhat(message.found().what())
                .setLayer(message.found().layer())
                .build();
    }

    private Coordinator.NonFiniteFound nonFiniteFound(byte[] bytes) throws InvalidProtocolBufferException {
        NonFiniteFound proto = NonFiniteFound.parseFrom(bytes);
        return new Coordinator.NonFiniteFound(
                proto.getIncarnation(),
                new NonFinite(
                        NonFinite.Kind.valueOf(proto.getKind().name()),
                        values.read(proto.getWindow()),
                        proto.getMicrobatch(),
                        proto.getStage(),
                        proto.getWhat(),
                        proto.getLayer()));
    }

    private InspectMicrobatch write(StageActor.InspectMicrobatch message) {
        return InspectMicrobatch.newBuilder()
                .setIncarnation(message.incarnation())
                .setWindow(message.window())
                .setMicrobatch(message.microbatch())
                .build();
    }

    private StageActor.InspectMicrobatch inspectMicrobatch(byte[] bytes) throws InvalidProtocolBufferException {
        InspectMicrobatch proto = InspectMicrobatch.parseFrom(bytes);
        return new StageActor.InspectMicrobatch(proto.getIncarnation(), proto.getWindow(), proto.getMicrobatch());
    }

    private MicrobatchInspected write(Coordinator.MicrobatchInspected message) {
        return MicrobatchInspected.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.inspection().stage())
                .setWindow(message.inspection().window())
                .setMicrobatch(message.inspection().microbatch())
                .setOutcome(MicrobatchInspected.Outcome.valueOf(
                        message.inspection().outcome().name()))
                .setLayer(message.inspection().layer())
                .build();
    }

    private Coordinator.MicrobatchInspected microbatchInspected(byte[] bytes) throws InvalidProtocolBufferException {
        MicrobatchInspected proto = MicrobatchInspected.parseFrom(bytes);
        return new Coordinator.MicrobatchInspected(
                proto.getIncarnation(),
                new Inspection(
                        proto.getStage(),
                        proto.getWindow(),
                        proto.getMicrobatch(),
                        Inspection.Outcome.valueOf(proto.getOutcome().name()),
                        proto.getLayer()));
    }

    private StageTrouble write(Coordinator.StageFailed message) {
        return trouble(message.incarnation(), message.stage(), message.step(), message.cause());
    }

    private Coordinator.StageFailed stageFailed(byte[] bytes) throws InvalidProtocolBufferException {
        StageTrouble proto = StageTrouble.parseFrom(bytes);
        return new Coordinator.StageFailed(proto.getIncarnation(), proto.getStage(), proto.getStep(), proto.getCause());
    }

    private StageTrouble write(Coordinator.NeighbourLost message) {
        return trouble(message.incarnation(), message.neighbour(), message.step(), message.cause());
    }

    private Coordinator.NeighbourLost neighbourLost(byte[] bytes) throws InvalidProtocolBufferException {
        StageTrouble proto = StageTrouble.parseFrom(bytes);
        return new Coordinator.NeighbourLost(
                proto.getIncarnation(), proto.getStage(), proto.getStep(), proto.getCause());
    }

    private static StageTrouble trouble(int incarnation, int stage, long step, String cause) {
        return StageTrouble.newBuilder()
                .setIncarnation(incarnation)
                .setStage(stage)
                .setStep(step)
                .setCause(cause)
                .build();
    }
}
