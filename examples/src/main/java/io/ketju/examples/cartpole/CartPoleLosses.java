package io.ketju.examples.cartpole;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.OwnLosses;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.List;

/** What worker processes read as the loss of this example. */
public final class CartPoleLosses implements OwnLosses {
    @Override
    public List<Entry<Loss>> entries() {
        return List.of(Description.of("PolicyGradientLoss", "REINFORCE: actions that gave more become more likely")
                .formula("-A log softmax(x)[a]")
                .shapes("x [samples, actions], targets actions int32 [samples] and advantages [samples]")
                .source("Williams 1992")
                .always(new PolicyGradientLoss()));
    }
}
