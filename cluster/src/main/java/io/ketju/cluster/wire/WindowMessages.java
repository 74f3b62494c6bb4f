package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.StepMetrics;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.protocol.control.GrantWindow;
import io.ketju.protocol.control.GrantWindows;
import io.ketju.protocol.control.Metrics;
import io.ketju.protocol.control.WindowFinished;
import io.ketju.protocol.control.WindowsFinished;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The messages of a run's windows: they are granted, and told of when they are finished, one at a time or several together. */
final class WindowMessages {
    private final ControlValues values;

    WindowMessages(ControlValues values) {
        this.values = values;
    }

    List<WireFormat<?>> formats() {
        return List.of(
                new WireFormat<>(
                        "GrantWindow",
                        StageCommand.GrantWindow.class,
                        this::write,
                        bytes -> read(GrantWindow.parseFrom(bytes))),
                new WireFormat<>("GrantWindows", StageCommand.GrantWindows.class, this::write, this::grantWindows),
                new WireFormat<>(
                        "WindowFinished",
                        CoordinatorCommand.WindowFinished.class,
                        this::write,
                        bytes -> read(WindowFinished.parseFrom(bytes))),
                new WireFormat<>(
                        "WindowsFinished",
                        CoordinatorCommand.WindowsFinished.class,
                        this::write,
                        this::windowsFinished));
    }

    private GrantWindow write(StageCommand.GrantWindow message) {
        return GrantWindow.newBuilder()
                .setIncarnation(message.incarnation())
                .setWindow(values.write(message.window()))
                .setCopies(message.copies())
                .setWatched(message.watched())
                .build();
    }

    private StageCommand.GrantWindow read(GrantWindow proto) {
        return new StageCommand.GrantWindow(
                proto.getIncarnation(), values.read(proto.getWindow()), proto.getCopies(), proto.getWatched());
    }

    private GrantWindows write(StageCommand.GrantWindows message) {
        return GrantWindows.newBuilder()
                .setIncarnation(message.incarnation())
                .addAllWindows(message.windows().stream().map(this::write).toList())
                .build();
    }

    private StageCommand.GrantWindows grantWindows(byte[] bytes) throws InvalidProtocolBufferException {
        GrantWindows proto = GrantWindows.parseFrom(bytes);
        return new StageCommand.GrantWindows(
                proto.getIncarnation(),
                proto.getWindowsList().stream().map(this::read).toList());
    }

    private WindowFinished write(CoordinatorCommand.WindowFinished message) {
        WindowFinished.Builder builder = WindowFinished.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.stage())
                .setWindow(message.window())
                .setBusyNanos(message.busyNanos());
        message.metrics().ifPresent(metrics -> {
            metrics.heads().forEach((head, measured) -> builder.addMetrics(values.write(head, measured)));
            builder.addAllPenalties(metrics.penalties()).setPenalizedSteps(metrics.penalizedSteps());
            if (!metrics.steps().equals(StepMetrics.NONE)) {
                builder.setSteps(ControlValues.write(metrics.steps()));
            }
        });
        return builder.build();
    }

    private CoordinatorCommand.WindowFinished read(WindowFinished proto) {
        SortedMap<Integer, WindowMetrics.OfHead> heads = new TreeMap<>();
        for (Metrics metrics : proto.getMetricsList()) {
            heads.put(metrics.getHead(), values.read(metrics));
        }
        return new CoordinatorCommand.WindowFinished(
                proto.getIncarnation(),
                proto.getStage(),
                proto.getWindow(),
                heads.isEmpty() && proto.getPenaltiesCount() == 0 && !proto.hasSteps()
                        ? Optional.empty()
                        : Optional.of(new WindowMetrics(
                                heads,
                                proto.getPenaltiesList(),
                                proto.getPenalizedSteps(),
                                ControlValues.read(proto.getSteps()))),
                proto.getBusyNanos());
    }

    private WindowsFinished write(CoordinatorCommand.WindowsFinished message) {
        return WindowsFinished.newBuilder()
                .setIncarnation(message.incarnation())
                .addAllFinished(message.finished().stream().map(this::write).toList())
                .build();
    }

    private CoordinatorCommand.WindowsFinished windowsFinished(byte[] bytes) throws InvalidProtocolBufferException {
        WindowsFinished proto = WindowsFinished.parseFrom(bytes);
        return new CoordinatorCommand.WindowsFinished(
                proto.getIncarnation(),
                proto.getFinishedList().stream().map(this::read).toList());
    }
}
