/** An application that trains a network. */
module org.example.embedded {
    requires io.dfc.algorithms;
    requires io.dfc.api;
}
