package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stage does with a mini-batch when all its micro-batches are done: the actions G, N, S and V. Owns nothing. Not
 * thread-safe.
 */
final class StageSteps {
    /** What it works on, and with; all of the same stage. */
    record Parts(
            Recipe recipe,
            StagePorts ports,
            WindowPrograms programs,
            ParameterBlock parameters,
            StageAverages averages,
            StageSearch search,
            StepTensors untilStep,
            WindowLosses losses,
            TiedParameters ties,
            StageGradients gradients,
            StagePenalties penalties,
            StageHistograms histograms,
            ParameterChecks checks,
            StageVersions versions,
            StageUpdate updates,
            StageExchange exchange,
            Kernels kernels) {}

    private final Parts of;
    /** Between S and V: whether the window has changed weights. */
    private boolean updated;

    StageSteps(Parts parts) {
        of = parts;
    }

    /** G: sums of gradients go from replica to replica. */
    ActionResult exchange(Window window, Action action, List<TensorLease> arrived) {
        List<TensorLease> sent = new ArrayList<>(of.exchange().run(window, arrived));
        sent.addAll(of.ties().gradients(of.ports().of(window).ties()));
        return new ActionResult(action, sent);
    }

    /** N: sums over the whole model. */
    ActionResult sums(Window window, Action action, List<TensorLease> arrived) {
        gather(window, action, arrived);
        List<Double> made = of.search().any()
                ? of.search().sums(of.losses().soFar(window), of.penalties())
                : of.gradients()
                        .squares(of.programs().trained(window), of.losses().finite(window));
        return new ActionResult(action, List.of(), made);
    }

    /** From here on the gradients are those of the whole mini-batch and all uses, and of the penalties. */
    private void gather(Window window, Action action, List<TensorLease> arrived) {
        of.parameters().foldTies(of.kernels());
        of.ties().arrived(of.ports().of(window).needs(action.kind()), arrived);
        of.penalties().add(window, of.programs().trained(window));
        if (!of.recipe().rules().skips()) {
            of.checks().beforeStep(window);
        }
    }

    /** S: the update, of all weights or of a share, or what comes in its place. */
    ActionResult step(Window window, Action action, List<TensorLease> arrived, List<Double> sums) {
        if (!of.exchange().tensors().learns()) {
            return new ActionResult(action, follow(window, arrived));
        }
        of.versions().beforeUpdate(window); // what others own of the weights arrives updated
        if (of.ports().of(window).sums()) {
            of.ties().arrived(of.ports().of(window).needs(action.kind()), arrived);
        } else {
            gather(window, action, arrived);
        }
        updated = !of.gradients().skips(sums);
        if (updated) {
            update(window, sums);
        } else {
            of.losses().finish(window);
            of.penalties().forget();
        }
        StageShare share = of.exchange().share();
        return new ActionResult(action, share.any() ? share.sendGradients(updated) : settle(window));
    }

    private void update(Window window, List<Double> sums) {
        StageProgram ran = of.programs().of(window).program();
        of.gradients().clip(of.programs().trained(window), sums);
        of.histograms().gradients(window, of.programs().trained(window));
        of.untilStep().commit(window, ran, of.parameters(), of.kernels());
        of.updates().run(window, of.programs().trained(window), sums);
    }

    /** Of a replica that gets its weights from others: it updates its share, if it has one. */
    private List<TensorLease> follow(Window window, List<TensorLease> arrived) {
        StageShare share = of.exchange().share();
        if (!share.any()) {
            of.exchange().tensors().takeWeights(arrived);
            return List.of();
        }
        if (share.takeGradients(arrived)) {
            of.updates().run(window, of.programs().trained(window), List.of());
        }
        return share.sendWeights();
    }

    /** V: what other replicas have updated. */
    ActionResult values(Window window, Action action, List<TensorLease> arrived) {
        int replicas = of.exchange().share().takeWeights(arrived);
        List<StagePorts.Port> needed = of.ports().of(window).needs(action.kind());
        of.ties().arrived(needed.subList(replicas, needed.size()), arrived.subList(replicas, arrived.size()));
        if (of.exchange().tensors().learns()) {
            return new ActionResult(action, settle(window));
        }
        of.parameters().clearGradients();
        return new ActionResult(action, List.of());
    }

    /** All weights are those after the step; what goes to others of them. */
    private List<TensorLease> settle(Window window) {
        if (updated) {
            boolean ends = !of.search().goesOn();
            if (ends) {
                of.averages().update(window, of.kernels());
            }
            of.checks().afterStep(window);
            if (ends) {
                of.histograms().weights(window);
            }
        }
        of.parameters().clearGradients();
        List<TensorLease> sent = new ArrayList<>(
                of.ties().weights(of.programs().of(window).program().ties()));
        StageShare share = of.exchange().share();
        sent.addAll(share.any() ? share.sendWeights() : of.exchange().tensors().sendWeights());
        return sent;
    }
}
