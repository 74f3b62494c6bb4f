package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a stage stands in its pipeline, and with that what its actions need and make.
 *
 * @param stage index from 0
 * @param stages number of stages
 */
public record StagePosition(int stage, int stages) {
    public StagePosition {
        if (stage < 0 || stage >= stages) {
            throw new IllegalArgumentException("stage " + stage + " of " + stages + " does not exist");
        }
    }

    public boolean first() {
        return stage == 0;
    }

    public boolean last() {
        return stage == stages - 1;
    }

    /** The tensors that an action needs from outside, in the order in which the compute gets them. */
    public List<TensorKey.Kind> needs(Kind action) {
        return switch (action) {
            case F -> {
                TensorKey.Kind input = first() ? TensorKey.Kind.INPUT : TensorKey.Kind.ACTIVATION;
                yield last() ? List.of(input, TensorKey.Kind.TARGET) : List.of(input);
            }
            // the last stage made its gradient itself: it lies in the micro-batch's slot since the loss
            case B, I -> last() ? List.of() : List.of(TensorKey.Kind.GRADIENT);
            case W, S -> List.of();
        };
    }

    /** What an action makes for a neighbour, by its kind for the receiver; null if nothing. */
    public TensorKey.@Nullable Kind makes(Kind action) {
        return switch (action) {
            case F -> last() ? null : TensorKey.Kind.ACTIVATION;
            case B, I -> first() ? null : TensorKey.Kind.GRADIENT;
            case W, S -> null;
        };
    }

    /** Whether tensors of this kind ever come to this stage. */
    public boolean takes(TensorKey.Kind kind) {
        return needs(Kind.F).contains(kind) || needs(Kind.B).contains(kind);
    }

    /** Whose tensor it is that an action makes: the stage it goes to. */
    public int receiver(TensorKey.Kind kind) {
        return kind == TensorKey.Kind.ACTIVATION ? stage + 1 : stage - 1;
    }

    /** For error lines: {@code stage 2, window 17, action 2B3}. */
    static String where(long window, Action action) {
        return "stage " + action.stage() + ", window " + window + ", action " + action;
    }
}
