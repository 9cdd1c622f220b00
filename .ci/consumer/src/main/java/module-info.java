/** Uses both libraries, and knows neither their versions nor what they need. */
module org.example.consumer {
    requires io.dfc.algorithms;
}
