package app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpStatus;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class DigitsServiceTest {
    @Autowired
    TestRestTemplate http;

    @Test
    void predictsWhatIsPosted() {
        float[] probabilities = http.postForObject("/predict", new float[64], float[].class);
        assertThat(probabilities).hasSize(10);
        float sum = 0;
        for (float probability : probabilities) {
            sum += probability;
        }
        assertThat(sum).isBetween(0.999f, 1.001f);
    }

    @Test
    void aSampleOfAnotherSizeIsABadRequest() {
        var answer = http.postForEntity("/predict", new float[3], String.class);
        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
        assertThat(answer.getBody()).contains("expected 64 values");
    }
}
