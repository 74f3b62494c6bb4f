package io.ketju.actors.run;

import io.ketju.data.InputProfile;
import io.ketju.data.ValueRange;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a model knows of the inputs it learnt from, found out when it is first asked. Not thread-safe. */
final class KnownInputs {
    private final @Nullable Supplier<InputProfile> source;
    private @Nullable InputProfile profile;
    private boolean warned;

    /** Knows what this gives, once. */
    KnownInputs(Supplier<InputProfile> source) {
        this.source = source;
    }

    private KnownInputs() {
        this.source = null;
    }

    /** For weights that came without their data. */
    static KnownInputs none() {
        return new KnownInputs();
    }

    Optional<InputProfile> profile() {
        if (profile == null && source != null) {
            profile = source.get();
        }
        return Optional.ofNullable(profile);
    }

    /** The line to warn with if a value is far from what training saw; later calls give none. */
    Optional<String> warnOnce(float[][] samples) {
        Optional<ValueRange> range = warned ? Optional.empty() : profile().flatMap(InputProfile::range);
        return range.flatMap(seen -> warning(samples, seen));
    }

    private Optional<String> warning(float[][] samples, ValueRange seen) {
        for (int i = 0; i < samples.length; i++) {
            for (int j = 0; j < samples[i].length; j++) {
                if (seen.isFarFrom(samples[i][j])) {
                    warned = true;
                    return Optional.of("sample " + i + ", value " + j + " is " + samples[i][j]
                            + ", far outside of the training inputs, which are from " + seen
                            + ": the prediction means nothing unless samples are normalised as in training"
                            + " (predictPixels and predictImage do it); said once");
                }
            }
        }
        return Optional.empty();
    }
}
