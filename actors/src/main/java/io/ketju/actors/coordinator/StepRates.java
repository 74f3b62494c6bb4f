package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.Recipe;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The learning rates of a step's windows, one for each objective, as stages take them. */
final class StepRates {
    private final Recipe recipe;
    private final SequencedMap<String, Double> rates = new LinkedHashMap<>();
    private long step;

    StepRates(Recipe recipe) {
        this.recipe = recipe;
    }

    /** A training window is done. */
    void add(PlannedWindow window) {
        if (window.step() != step) {
            step = window.step();
            rates.clear();
        }
        rates.put(
                recipe.rateName(window.objective()),
                recipe.learningRate(recipe.optimizer(), window.objective(), window.step(), window.reductions()));
    }

    /** Of the windows of the last step. */
    SequencedMap<String, Double> ofStep() {
        return rates;
    }
}
