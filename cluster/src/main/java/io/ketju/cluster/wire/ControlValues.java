package io.ketju.cluster.wire;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.ReadableData;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.pipeline.stage.CollectedValues;
import io.ketju.pipeline.stage.StepMetrics;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.protocol.control.Metric;
import io.ketju.protocol.control.Metrics;
import io.ketju.protocol.control.StageFailed;
import io.ketju.protocol.control.Ticket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** The values inside control messages, each next to its opposite. */
final class ControlValues {
    private final ActorRefResolver resolver;

    ControlValues(ActorRefResolver resolver) {
        this.resolver = resolver;
    }

    Ticket write(RunTicket ticket) {
        return Ticket.newBuilder()
                .setJob(ticket.job())
                .setConfigHash(ticket.configHash())
                .setIncarnation(ticket.incarnation())
                .build();
    }

    RunTicket read(Ticket proto) {
        return new RunTicket(proto.getJob(), proto.getConfigHash(), proto.getIncarnation());
    }

    /** The host by the name that it was given: its certificate has that name, and perhaps no other. */
    io.ketju.protocol.control.StageAddress write(StageAddress address) {
        io.ketju.protocol.control.StageAddress.Builder builder = io.ketju.protocol.control.StageAddress.newBuilder()
                .setStage(address.stage())
                .setWorker(address.worker())
                .setActor(resolver.toSerializationFormat(address.actor()));
        address.data()
                .ifPresent(data -> builder.setDataHost(data.getHostString()).setDataPort(data.getPort()));
        return builder.build();
    }

    StageAddress read(io.ketju.protocol.control.StageAddress proto) {
        return new StageAddress(
                proto.getStage(),
                proto.getWorker(),
                resolver.resolveActorRef(proto.getActor()),
                data(proto.getDataHost(), proto.getDataPort()));
    }

    io.ketju.protocol.control.OutputAddress write(OutputAddress address) {
        io.ketju.protocol.control.OutputAddress.Builder builder = io.ketju.protocol.control.OutputAddress.newBuilder()
                .setReceiver(resolver.toSerializationFormat(address.receiver()));
        address.data()
                .ifPresent(data -> builder.setDataHost(data.getHostString()).setDataPort(data.getPort()));
        return builder.build();
    }

    OutputAddress read(io.ketju.protocol.control.OutputAddress proto) {
        return new OutputAddress(
                resolver.resolveActorRef(proto.getReceiver()), data(proto.getDataHost(), proto.getDataPort()));
    }

    io.ketju.protocol.control.ReadableData write(ReadableData data) {
        return io.ketju.protocol.control.ReadableData.newBuilder()
                .setName(data.name())
                .setTrain(data.train())
                .setTest(data.test())
                .build();
    }

    ReadableData read(io.ketju.protocol.control.ReadableData proto) {
        return new ReadableData(proto.getName(), proto.getTrain(), proto.getTest());
    }

    static Optional<InetSocketAddress> data(String host, int port) {
        return port == 0 ? Optional.empty() : Optional.of(new InetSocketAddress(host, port));
    }

    io.ketju.protocol.control.Window write(Window window) {
        return io.ketju.protocol.control.Window.newBuilder()
                .setNumber(window.number())
                .setPhase(
                        switch (window.phase()) {
                            case TRAIN -> io.ketju.protocol.control.Window.Phase.TRAIN;
                            case EVALUATE -> io.ketju.protocol.control.Window.Phase.EVALUATE;
                            case PREDICT -> io.ketju.protocol.control.Window.Phase.PREDICT;
                        })
                .setObjective(window.objective())
                .setStep(window.step())
                .addAllMicrobatches(WindowParts.write(window.parts()))
                .addAllDenominators(window.denominators())
                .setGoesOn(!window.endsStep())
                .setReductions(window.reductions())
                .setOverlaps(!window.drains())
                .setSchedule(window.schedule())
                .build();
    }

    Window read(io.ketju.protocol.control.Window proto) {
        return new Window(
                proto.getNumber(),
                switch (proto.getPhase()) {
                    case TRAIN -> Window.Phase.TRAIN;
                    case EVALUATE -> Window.Phase.EVALUATE;
                    case PREDICT -> Window.Phase.PREDICT;
                    case UNRECOGNIZED ->
                        throw new IllegalArgumentException("unknown phase of a window: " + proto.getPhaseValue());
                },
                proto.getObjective(),
                proto.getStep(),
                WindowParts.read(proto.getMicrobatchesList()),
                proto.getDenominatorsList(),
                !proto.getGoesOn(),
                proto.getReductions(),
                !proto.getOverlaps(),
                proto.getSchedule());
    }

    static io.ketju.protocol.control.StepMetrics write(StepMetrics steps) {
        return io.ketju.protocol.control.StepMetrics.newBuilder()
                .setNormSum(steps.normSum())
                .setNorms(steps.norms())
                .setSkipped(steps.skipped())
                .setSkippable(steps.skippable())
                .setUnfinished(steps.unfinished())
                .build();
    }

    /** Of one that is absent: nothing. */
    static StepMetrics read(io.ketju.protocol.control.StepMetrics proto) {
        return new StepMetrics(
                proto.getNormSum(), proto.getNorms(), proto.getSkipped(), proto.getSkippable(), proto.getUnfinished());
    }

    Metrics write(int head, WindowMetrics.OfHead measured) {
        Metrics.Builder builder = Metrics.newBuilder()
                .setHead(head)
                .setLossSum(measured.lossSum())
                .setWeight(measured.weight());
        measured.metrics()
                .forEach((name, sums) ->
                        builder.addMetrics(Metric.newBuilder().setName(name).addAllSums(sums)));
        measured.collected()
                .forEach((name, values) ->
                        builder.addCollected(Metric.newBuilder().setName(name).addAllSums(values.toList())));
        return builder.build();
    }

    /** Everything but the head. */
    WindowMetrics.OfHead read(Metrics proto) {
        SortedMap<String, List<Double>> metrics = new TreeMap<>();
        proto.getMetricsList().forEach(metric -> metrics.put(metric.getName(), List.copyOf(metric.getSumsList())));
        SortedMap<String, CollectedValues> collected = new TreeMap<>();
        proto.getCollectedList()
                .forEach(metric -> collected.put(metric.getName(), CollectedValues.of(metric.getSumsList())));
        return new WindowMetrics.OfHead(proto.getLossSum(), proto.getWeight(), metrics, collected);
    }

    /** Everything but the incarnation. */
    StageFailed.Builder write(RunFailure.OfStage failure) {
        return StageFailed.newBuilder()
                .setKind(
                        switch (failure) {
                            case RunFailure.StageFailed threw -> StageFailed.Kind.THREW;
                            case RunFailure.ShardNotWritten unwritten -> StageFailed.Kind.SHARD_NOT_WRITTEN;
                            case RunFailure.StageDied died -> StageFailed.Kind.DIED;
                        })
                .setStage(failure.stage())
                .setStep(failure.step())
                .setCause(failure.cause());
    }

    RunFailure.OfStage read(StageFailed proto) {
        return switch (proto.getKind()) {
            case THREW -> new RunFailure.StageFailed(proto.getStage(), proto.getStep(), proto.getCause());
            case SHARD_NOT_WRITTEN ->
                new RunFailure.ShardNotWritten(proto.getStage(), proto.getStep(), proto.getCause());
            case DIED -> new RunFailure.StageDied(proto.getStage());
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown kind of failure: " + proto.getKindValue());
        };
    }

    io.ketju.protocol.control.Shard write(Shard shard) {
        return io.ketju.protocol.control.Shard.newBuilder()
                .setFile(shard.file())
                .setBytes(shard.bytes())
                .setSha256(shard.sha256())
                .build();
    }

    Shard read(io.ketju.protocol.control.Shard proto) {
        return new Shard(proto.getFile(), proto.getBytes(), proto.getSha256());
    }
}
