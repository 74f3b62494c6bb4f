package io.ketju.actors.stage;

import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/** Closes leases whose way ended early, because a stage failed between getting them and passing them on. */
final class StrayLeases {
    private StrayLeases() {}

    /** The lease in an event that the machine refused. */
    static void close(StageEvent event) {
        switch (event) {
            case StageEvent.TensorArrived arrived -> arrived.lease().close();
            case StageEvent.ComputeDone done -> done.outputs().forEach(TensorLease::close);
            case StageEvent.WindowGranted granted -> {}
            case StageEvent.SumsAgreed agreed -> {}
            case StageEvent.OutputReleased released -> {}
            case StageEvent.PredictionReleased released -> {}
            case StageEvent.StageStopped stopped -> {}
            case StageEvent.Aborted aborted -> {}
        }
    }

    /** The leases in effects that were not performed. */
    static void close(List<StageEffect> effects) {
        for (StageEffect effect : effects) {
            switch (effect) {
                case StageEffect.RunCompute run -> run.arrived().forEach(TensorLease::close);
                case StageEffect.SendTensor send -> send.lease().close();
                case StageEffect.Discard discard -> discard.lease().close();
                case StageEffect.ReportSums report -> {}
                case StageEffect.FinishWindow finish -> {}
            }
        }
    }
}
