package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.protocol.control.ConnectStages;
import io.ketju.protocol.control.InspectMicrobatch;
import io.ketju.protocol.control.MicrobatchInspected;
import io.ketju.protocol.control.NonFiniteFound;
import io.ketju.protocol.control.PlaceStages;
import io.ketju.protocol.control.ReleaseStages;
import io.ketju.protocol.control.StageFailed;
import io.ketju.protocol.control.StageTrouble;
import io.ketju.protocol.control.WorkerAnswer;
import io.ketju.protocol.control.WorkerFailed;
import io.ketju.protocol.control.WorkerPlaced;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
        return Stream.of(
                        own(),
                        new WindowMessages(values).formats(),
                        SumsMessages.formats(),
                        new CheckpointMessages(values).formats(),
                        HistogramMessages.formats(),
                        TimelineMessages.formats(),
                        new FeederMessages(resolver, values).formats(),
                        new StandbyMessages(resolver).formats())
                .flatMap(List::stream)
                .toList();
    }

    private List<WireFormat<?>> own() {
        return List.of(
                new WireFormat<>("PlaceStages", WorkerCommand.PlaceStages.class, this::write, this::placeStages),
                new WireFormat<>("ConnectStages", WorkerCommand.ConnectStages.class, this::write, this::connectStages),
                new WireFormat<>("ReleaseStages", WorkerCommand.ReleaseStages.class, this::write, this::releaseStages),
                new WireFormat<>(
                        "WorkerPlaced", CoordinatorCommand.WorkerPlaced.class, this::write, this::workerPlaced),
                new WireFormat<>(
                        "WorkerConnected",
                        CoordinatorCommand.WorkerConnected.class,
                        this::write,
                        this::workerConnected),
                new WireFormat<>(
                        "WorkerReleased", CoordinatorCommand.WorkerReleased.class, this::write, this::workerReleased),
                new WireFormat<>(
                        "WorkerLeaving", CoordinatorCommand.WorkerLeaving.class, this::write, this::workerLeaving),
                new WireFormat<>(
                        "WorkerFailed", CoordinatorCommand.WorkerFailed.class, this::write, this::workerFailed),
                new WireFormat<>(
                        "NonFiniteFound", CoordinatorCommand.NonFiniteFound.class, this::write, this::nonFiniteFound),
                new WireFormat<>(
                        "InspectMicrobatch",
                        StageCommand.InspectMicrobatch.class,
                        this::write,
                        this::inspectMicrobatch),
                new WireFormat<>(
                        "MicrobatchInspected",
                        CoordinatorCommand.MicrobatchInspected.class,
                        this::write,
                        this::microbatchInspected),
                new WireFormat<>("StageFailed", CoordinatorCommand.StageFailed.class, this::write, this::stageFailed),
                new WireFormat<>(
                        "NeighbourLost", CoordinatorCommand.NeighbourLost.class, this::write, this::neighbourLost));
    }

    private PlaceStages write(WorkerCommand.PlaceStages message) {
        PlaceStages.Builder builder = PlaceStages.newBuilder()
                .setTicket(values.write(message.ticket()))
                .setPipeline(PipelineText.write(message.pipeline()))
                .addAllWorkerOfRank(message.assignment().workerOfRank())
                .setWorker(message.worker())
                .setCheckpoint(message.checkpoint().map(Path::toString).orElse(""))
                .setCoordinator(resolver.toSerializationFormat(message.coordinator()))
                .setRun(message.run())
                .setCopies(message.copies());
        message.feeds().ifPresent(data -> builder.setFeeds(values.write(data)));
        return builder.build();
    }

    private WorkerCommand.PlaceStages placeStages(byte[] bytes) throws InvalidProtocolBufferException {
        PlaceStages proto = PlaceStages.parseFrom(bytes);
        ActorRef<CoordinatorCommand> coordinator = resolver.resolveActorRef(proto.getCoordinator());
        PipelineSpec pipeline = PipelineText.read(proto.getPipeline());
        return new WorkerCommand.PlaceStages(
                values.read(proto.getTicket()),
                pipeline,
                new Assignment(pipeline.placement(), proto.getWorkerOfRankList()),
                proto.getWorker(),
                proto.getCheckpoint().isEmpty() ? Optional.empty() : Optional.of(Path.of(proto.getCheckpoint())),
                coordinator,
                proto.getRun(),
                proto.hasFeeds() ? Optional.of(values.read(proto.getFeeds())) : Optional.empty(),
                proto.getCopies());
    }

    private ConnectStages write(WorkerCommand.ConnectStages message) {
        ConnectStages.Builder builder = ConnectStages.newBuilder()
                .setTicket(values.write(message.ticket()))
                .addAllStages(message.stages().stream().map(values::write).toList());
        message.outputs().ifPresent(wanted -> builder.setOutputs(values.write(wanted)));
        message.folder()
                .ifPresent(
                        folder -> builder.setFolderHost(folder.getHostString()).setFolderPort(folder.getPort()));
        return builder.build();
    }

    private WorkerCommand.ConnectStages connectStages(byte[] bytes) throws InvalidProtocolBufferException {
        ConnectStages proto = ConnectStages.parseFrom(bytes);
        return new WorkerCommand.ConnectStages(
                values.read(proto.getTicket()),
                proto.getStagesList().stream().map(values::read).toList(),
                proto.hasOutputs() ? Optional.of(values.read(proto.getOutputs())) : Optional.empty(),
                ControlValues.data(proto.getFolderHost(), proto.getFolderPort()));
    }

    private ReleaseStages write(WorkerCommand.ReleaseStages message) {
        return ReleaseStages.newBuilder()
                .setTicket(values.write(message.ticket()))
                .setReason(message.reason())
                .build();
    }

    private WorkerCommand.ReleaseStages releaseStages(byte[] bytes) throws InvalidProtocolBufferException {
        ReleaseStages proto = ReleaseStages.parseFrom(bytes);
        return new WorkerCommand.ReleaseStages(values.read(proto.getTicket()), proto.getReason());
    }

    private WorkerPlaced write(CoordinatorCommand.WorkerPlaced message) {
        return WorkerPlaced.newBuilder()
                .setIncarnation(message.incarnation())
                .setWorker(message.worker())
                .addAllStages(message.stages().stream().map(values::write).toList())
                .setFeeder(message.feeder().map(resolver::toSerializationFormat).orElse(""))
                .build();
    }

    private CoordinatorCommand.WorkerPlaced workerPlaced(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerPlaced proto = WorkerPlaced.parseFrom(bytes);
        return new CoordinatorCommand.WorkerPlaced(
                proto.getIncarnation(),
                proto.getWorker(),
                proto.getStagesList().stream().map(values::read).toList(),
                proto.getFeeder().isEmpty()
                        ? Optional.empty()
                        : Optional.of(resolver.resolveActorRef(proto.getFeeder())));
    }

    private WorkerAnswer write(CoordinatorCommand.WorkerConnected message) {
        return answer(message.incarnation(), message.worker());
    }

    private CoordinatorCommand.WorkerConnected workerConnected(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerAnswer proto = WorkerAnswer.parseFrom(bytes);
        return new CoordinatorCommand.WorkerConnected(proto.getIncarnation(), proto.getWorker());
    }

    private WorkerAnswer write(CoordinatorCommand.WorkerReleased message) {
        return answer(message.incarnation(), message.worker());
    }

    private CoordinatorCommand.WorkerReleased workerReleased(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerAnswer proto = WorkerAnswer.parseFrom(bytes);
        return new CoordinatorCommand.WorkerReleased(proto.getIncarnation(), proto.getWorker());
    }

    private WorkerAnswer write(CoordinatorCommand.WorkerLeaving message) {
        return answer(message.incarnation(), message.worker());
    }

    private CoordinatorCommand.WorkerLeaving workerLeaving(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerAnswer proto = WorkerAnswer.parseFrom(bytes);
        return new CoordinatorCommand.WorkerLeaving(proto.getIncarnation(), proto.getWorker());
    }

    private static WorkerAnswer answer(int incarnation, int worker) {
        return WorkerAnswer.newBuilder()
                .setIncarnation(incarnation)
                .setWorker(worker)
                .build();
    }

    private WorkerFailed write(CoordinatorCommand.WorkerFailed message) {
        return WorkerFailed.newBuilder()
                .setIncarnation(message.incarnation())
                .setWorker(message.worker())
                .setCause(message.refusal().cause())
                .setReason(
                        WorkerFailed.Reason.valueOf(message.refusal().reason().name()))
                .build();
    }

    private CoordinatorCommand.WorkerFailed workerFailed(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerFailed proto = WorkerFailed.parseFrom(bytes);
        return new CoordinatorCommand.WorkerFailed(
                proto.getIncarnation(),
                proto.getWorker(),
                new Refusal(Refusal.Reason.valueOf(proto.getReason().name()), proto.getCause()));
    }

    private NonFiniteFound write(CoordinatorCommand.NonFiniteFound message) {
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

    private CoordinatorCommand.NonFiniteFound nonFiniteFound(byte[] bytes) throws InvalidProtocolBufferException {
        NonFiniteFound proto = NonFiniteFound.parseFrom(bytes);
        return new CoordinatorCommand.NonFiniteFound(
                proto.getIncarnation(),
                new NonFinite(
                        NonFinite.Kind.valueOf(proto.getKind().name()),
                        values.read(proto.getWindow()),
                        proto.getMicrobatch(),
                        proto.getStage(),
                        proto.getWhat(),
                        proto.getLayer()));
    }

    private InspectMicrobatch write(StageCommand.InspectMicrobatch message) {
        return InspectMicrobatch.newBuilder()
                .setIncarnation(message.incarnation())
                .setWindow(message.window())
                .setMicrobatch(message.microbatch())
                .build();
    }

    private StageCommand.InspectMicrobatch inspectMicrobatch(byte[] bytes) throws InvalidProtocolBufferException {
        InspectMicrobatch proto = InspectMicrobatch.parseFrom(bytes);
        return new StageCommand.InspectMicrobatch(proto.getIncarnation(), proto.getWindow(), proto.getMicrobatch());
    }

    private MicrobatchInspected write(CoordinatorCommand.MicrobatchInspected message) {
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

    private CoordinatorCommand.MicrobatchInspected microbatchInspected(byte[] bytes)
            throws InvalidProtocolBufferException {
        MicrobatchInspected proto = MicrobatchInspected.parseFrom(bytes);
        return new CoordinatorCommand.MicrobatchInspected(
                proto.getIncarnation(),
                new Inspection(
                        proto.getStage(),
                        proto.getWindow(),
                        proto.getMicrobatch(),
                        Inspection.Outcome.valueOf(proto.getOutcome().name()),
                        proto.getLayer()));
    }

    private StageFailed write(CoordinatorCommand.StageFailed message) {
        return values.write(message.failure())
                .setIncarnation(message.incarnation())
                .build();
    }

    private CoordinatorCommand.StageFailed stageFailed(byte[] bytes) throws InvalidProtocolBufferException {
        StageFailed proto = StageFailed.parseFrom(bytes);
        return new CoordinatorCommand.StageFailed(proto.getIncarnation(), values.read(proto));
    }

    private StageTrouble write(CoordinatorCommand.NeighbourLost message) {
        return StageTrouble.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.neighbour())
                .setStep(message.step())
                .setCause(message.cause())
                .build();
    }

    private CoordinatorCommand.NeighbourLost neighbourLost(byte[] bytes) throws InvalidProtocolBufferException {
        StageTrouble proto = StageTrouble.parseFrom(bytes);
        return new CoordinatorCommand.NeighbourLost(
                proto.getIncarnation(), proto.getStage(), proto.getStep(), proto.getCause());
    }
}
