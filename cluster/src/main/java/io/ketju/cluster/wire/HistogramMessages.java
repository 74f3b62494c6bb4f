package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.pipeline.stage.ParameterHistograms;
import io.ketju.pipeline.stage.ValueHistogram;
import io.ketju.protocol.control.Histogram;
import io.ketju.protocol.control.HistogramsCounted;
import java.util.List;
import java.util.Optional;

/** What stages count of the values of their parameters: bins with their counts, one parameter a message. */
final class HistogramMessages {
    private HistogramMessages() {}

    static List<WireFormat<?>> formats() {
        return List.of(new WireFormat<>(
                "HistogramsCounted",
                CoordinatorCommand.HistogramsCounted.class,
                HistogramMessages::write,
                HistogramMessages::histogramsCounted));
    }

    private static HistogramsCounted write(CoordinatorCommand.HistogramsCounted message) {
        HistogramsCounted.Builder builder = HistogramsCounted.newBuilder()
                .setIncarnation(message.incarnation())
                .setStep(message.step())
                .setParameter(message.counted().parameter())
                .setWeights(write(message.counted().weights()));
        message.counted().gradients().ifPresent(gradients -> builder.setGradients(write(gradients)));
        return builder.build();
    }

    private static Histogram write(ValueHistogram histogram) {
        return Histogram.newBuilder()
                .addAllBins(histogram.bins())
                .addAllCounts(histogram.counts())
                .build();
    }

    private static CoordinatorCommand.HistogramsCounted histogramsCounted(byte[] bytes)
            throws InvalidProtocolBufferException {
        HistogramsCounted proto = HistogramsCounted.parseFrom(bytes);
        return new CoordinatorCommand.HistogramsCounted(
                proto.getIncarnation(),
                proto.getStep(),
                new ParameterHistograms(
                        proto.getParameter(),
                        read(proto.getWeights()),
                        proto.hasGradients() ? Optional.of(read(proto.getGradients())) : Optional.empty()));
    }

    private static ValueHistogram read(Histogram proto) {
        return new ValueHistogram(proto.getBinsList(), proto.getCountsList());
    }
}
