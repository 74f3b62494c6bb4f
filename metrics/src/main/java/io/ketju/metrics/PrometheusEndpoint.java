package io.ketju.metrics;

import com.sun.net.httpserver.HttpServer;
import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.actors.job.TrainingEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The numbers of a run for Prometheus, at {@code /metrics} of a small server of the JDK on the loopback address. */
public final class PrometheusEndpoint implements MetricsEndpoint {
    private static final String PATH = "/metrics";

    /** For {@link java.util.ServiceLoader}: nothing is open before {@link #open}. */
    public PrometheusEndpoint() {}

    @Override
    public Open open(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        return new Serving(server);
    }

    private static final class Serving implements Open {
        private final HttpServer server;
        private final ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("ketju-metrics").factory());
        private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private final KetjuMetrics metrics = new KetjuMetrics(registry);

        Serving(HttpServer server) {
            this.server = server;
            server.createContext(PATH, new PrometheusHandler(registry))
                    .getFilters()
                    .add(new LoopbackHosts());
            server.setExecutor(thread);
            server.start();
        }

        @Override
        public String address() {
            InetSocketAddress bound = server.getAddress();
            return "http://" + bound.getAddress().getHostAddress() + ":" + bound.getPort() + PATH;
        }

        @Override
        public void on(TrainingEvent event) {
            metrics.on(event);
        }

        @Override
        public void close() {
            server.stop(0);
            thread.shutdown();
            registry.close();
        }
    }
}
