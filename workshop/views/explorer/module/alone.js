// A page that stands alone: nobody leads its explorer, and nobody is told how it moves.

function listenToPage() {}

function takeGiven() {}

function drawLed() {}
