package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.LivePage;
import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.data.file.FileErrors;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * What {@code --metrics-port} asks for, opened.
 *
 * @param meters to be given to the run as a listener, and closed after it
 * @param addresses where they are served
 */
record MetricsPort(MetricsEndpoint.Meters meters, List<String> addresses) {
    private static final int MOST = 65_535;

    /**
     * Where the run has a page its server has the numbers too, and there is another only if another port is named. Throws {@link
     * InvalidJobException} if the port is none or cannot be had, or nothing is there that serves.
     */
    static MetricsPort open(String port, Optional<LivePage> page) {
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > MOST) {
            throw new InvalidJobException(
                    "--metrics-port: expected a port from 0 to " + MOST + ", found \"" + Excerpt.of(port) + "\"");
        }
        int number = Integer.parseInt(port);
        MetricsEndpoint endpoint = ServiceLoader.load(MetricsEndpoint.class)
                .findFirst()
                .orElseThrow(() -> new InvalidJobException(
                        "--metrics-port: expected the module ketju-metrics on the class path, found none"));
        boolean onPage = page.map(LivePage::address)
                .filter(address -> number == 0 || number == address.getPort())
                .isPresent();
        MetricsEndpoint.Meters meters = onPage ? endpoint.meters() : open(endpoint, number);
        List<String> addresses = new ArrayList<>();
        if (meters instanceof MetricsEndpoint.Open open) {
            addresses.add(open.address());
        }
        page.ifPresent(shown -> addresses.add(shown.serve(meters).toString()));
        return new MetricsPort(meters, List.copyOf(addresses));
    }

    private static MetricsEndpoint.Open open(MetricsEndpoint endpoint, int port) {
        try {
            return endpoint.open(port);
        } catch (IOException e) {
            throw new InvalidJobException(
                    "--metrics-port: expected a free port, found " + port + ": " + FileErrors.reason(e)
                            + "; choose another, or 0 for any that is free",
                    e);
        }
    }
}
