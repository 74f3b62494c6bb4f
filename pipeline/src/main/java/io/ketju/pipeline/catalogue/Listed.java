package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Schedule;
import java.util.Optional;

/** A schedule that job files can name. */
interface Listed extends Schedule {
    /** Its name and arguments. */
    Spec listed();

    @Override
    default Optional<Spec> spec() {
        return Optional.of(listed());
    }

    @Override
    default String name() {
        return text(listed());
    }

    /** Without brackets that hold nothing. */
    static String text(Spec spec) {
        return spec.positional().isEmpty() && spec.named().isEmpty() ? spec.name() : spec.toString();
    }
}
