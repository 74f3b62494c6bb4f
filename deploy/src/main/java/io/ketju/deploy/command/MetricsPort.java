package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.data.file.FileErrors;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.util.ServiceLoader;

/** Opens what {@code --metrics-port} asks for. */
final class MetricsPort {
    private static final int MOST = 65_535;

    private MetricsPort() {}

    /** Throws {@link InvalidJobException} if the port is none or cannot be had, or nothing is there that serves. */
    static MetricsEndpoint.Open open(String port) {
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > MOST) {
            throw new InvalidJobException(
                    "--metrics-port: expected a port from 0 to " + MOST + ", found \"" + Excerpt.of(port) + "\"");
        }
        MetricsEndpoint endpoint = ServiceLoader.load(MetricsEndpoint.class)
                .findFirst()
                .orElseThrow(() -> new InvalidJobException(
                        "--metrics-port: expected the module ketju-metrics on the class path, found none"));
        try {
            return endpoint.open(Integer.parseInt(port));
        } catch (IOException e) {
            throw new InvalidJobException(
                    "--metrics-port: expected a free port, found " + port + ": " + FileErrors.reason(e)
                            + "; choose another, or 0 for any that is free",
                    e);
        }
    }
}
